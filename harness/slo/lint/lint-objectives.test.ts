import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import { readObjectives } from '../read-objectives.ts'
import { type Finding, lintNames, writeFinding } from './finding.ts'
import { lintObjectives, type Surroundings } from './lint-objectives.ts'
import { lintProject } from './lint-project.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const dayMs = 86_400_000

const surroundings: Surroundings = {
  edges: { seconds: [0.1, 0.3, 1] },
  timings: { retentionMs: 31 * dayMs, scrapeIntervalsMs: { apps: 10_000, stack: 30_000 } },
  asks: { page: ['shop'] },
}

interface Written {
  readonly name?: string
  readonly service?: string
  readonly target?: number
  readonly annotations?: string
  readonly part?: 'bad' | 'good'
  readonly counted?: string
  readonly total?: string
}

/** One objective as people write it; nothing is to be said against this one. */
const written = ({
  name = 'shop-availability',
  service = 'shop',
  target = 0.99,
  annotations = 'signalproof.dev/minimum-failures: "10"',
  part = 'bad',
  counted = `requests_total{app="${service}",status=~"5.."}`,
  total = `requests_total{app="${service}"}`,
}: Written = {}) => `apiVersion: openslo/v1
kind: SLO
metadata:
  name: ${name}
  annotations: { ${annotations} }
spec:
  description: d
  service: ${service}
  indicator:
    spec:
      ratioMetric:
        counter: true
        ${part}: { metricSource: { type: Prometheus, spec: { query: '${counted}' } } }
        total: { metricSource: { type: Prometheus, spec: { query: '${total}' } } }
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: ${target} }]
`

function lint(objectives: readonly Written[], changes: Partial<Surroundings> = {}): Finding[] {
  using folder = temporaryFolder({ 'slo.yaml': objectives.map(written).join('---\n') })
  return lintObjectives(readObjectives(folder.path), { ...surroundings, ...changes })
}

/** What is found, with the line and the path only. */
const placed = (findings: readonly Finding[]) =>
  findings.map(({ lint: name, where }) => `${name} ${where.replace(/^.*slo\.yaml:/, '')}`)

const slow: Written = {
  name: 'shop-latency',
  part: 'good',
  counted: 'seconds_bucket{app="shop",le="0.3"}',
  total: 'seconds_count{app="shop"}',
}

test('against good objectives nothing is said', () => {
  expect(lint([{}, slow])).toEqual([])
})

test('our own objectives are good, and the check of the repository asks', async () => {
  expect(await lintProject(root)).toEqual([])
  expect(readFileSync(join(root, 'tools', 'check.ts'), 'utf8')).toContain('lintProject(root)')
})

test('a factor that no error ratio reaches', () => {
  const [finding, ...others] = lint([{ target: 0.9 }])
  expect(others).toEqual([])
  expect(placed([finding as Finding])).toEqual(['unreachable-factor 17 spec.objectives[0].target'])
  expect(writeFinding(finding as Finding)).toContain(
    'the page of 1h/5m can fire: 14.4 × (1 − target) below 1; seen 0.9: more than 144 % of the requests would have to fail; try a target above 0.931',
  )
  expect(lint([{ target: 0.931 }])).toEqual([])
  // Tickets only: their factors can be reached.
  expect(
    lint([
      { target: 0.9, annotations: `signalproof.dev/minimum-failures: "10", signalproof.dev/pages: "false"` },
    ]),
  ).toEqual([])
})

test.each([
  ['between two edges', 'seconds_bucket{app="shop",le="0.25"}', 'seen le="0.25"; try le="0.3"'],
  ['without its decimal', 'seconds_bucket{app="shop",le="1"}', 'seen le="1"; try le="1.0"'],
  ['of another notation', 'seconds_bucket{app="shop",le="0.30"}', 'seen le="0.30"; try le="0.3"'],
  ['without an edge', 'seconds_bucket{app="shop",le=~"0.3"}', 'seen no le="…"'],
])('a threshold %s', (_, counted, said) => {
  const [finding, ...others] = lint([{ ...slow, counted }])
  expect(others).toEqual([])
  expect(placed([finding as Finding])).toEqual([
    'no-bucket-edge 13 spec.indicator.spec.ratioMetric.good.metricSource.spec.query',
  ])
  expect(writeFinding(finding as Finding)).toContain(said)
})

test('a histogram of unknown edges, and a total of another one', () => {
  expect(placed(lint([slow], { edges: {} }))).toEqual([
    'no-bucket-edge 13 spec.indicator.spec.ratioMetric.good.metricSource.spec.query',
  ])
  expect(placed(lint([{ ...slow, total: 'other_count{app="shop"}' }]))).toEqual([
    'no-bucket-edge 14 spec.indicator.spec.ratioMetric.total.metricSource.spec.query',
  ])
})

test('windows that are longer than what is kept', () => {
  const findings = (retentionMs: number) => lint([{}], { timings: { ...surroundings.timings, retentionMs } })
  expect(findings(30 * dayMs)).toEqual([])
  expect(findings(15 * dayMs).map(({ seen }) => seen)).toEqual(['30d'])
  const [first, ...others] = findings(2 * dayMs)
  expect(placed([first as Finding])).toEqual(['uncarried-window 15 spec.timeWindow[0].duration'])
  expect(others.map(({ seen }) => seen)).toEqual(['3d for the ticket of 3d/6h'])
})

test('windows with too few scrapes, by the job that is named or the slowest', () => {
  const findings = (apps: number, stack: number, objective: Written = {}) =>
    lint([objective], { timings: { ...surroundings.timings, scrapeIntervalsMs: { apps, stack } } })
  expect(findings(75_000, 75_000)).toEqual([])
  const [finding, ...others] = findings(10_000, 76_000)
  expect(others).toEqual([])
  expect(writeFinding(finding as Finding)).toContain(
    'expected windows of at least 4 scrapes, 5m4s: the job stack is scraped every 1m16s; seen 5m for the page of 1h/5m; try a scrape_interval of at most 1m15s',
  )
  const named = { total: 'requests_total{job="apps",app="shop"}' }
  expect(findings(10_000, 76_000, named)).toEqual([])
})

test.each(['', 'signalproof.dev/minimum-failures: "1"'])(
  'low traffic without a guard: {%s}',
  (annotations) => {
    const findings = lint([{ annotations }])
    expect(findings.map(({ lint: name }) => name)).toEqual(['unguarded-low-traffic'])
    expect(findings[0]?.where).toMatch(
      /slo\.yaml:5 metadata\.annotations\.signalproof\.dev\/minimum-failures$/,
    )
  },
)

const noPage = 'signalproof.dev/minimum-failures: "10", signalproof.dev/pages: "false"'

test('two objectives that page for the same requests', () => {
  const stricter: Written = { name: 'shop-stricter', target: 0.999 }
  expect(placed(lint([{}, stricter]))).toEqual([
    'paged-twice 31 spec.indicator.spec.ratioMetric.bad.metricSource.spec.query',
  ])
  expect(lint([{}, { ...stricter, annotations: noPage }])).toEqual([])
  // Slower ones of the same requests are the same requests.
  const slower = { ...slow, name: 'slower', counted: 'seconds_bucket{app="shop",le="1.0"}' }
  expect(lint([slow, slower]).map(({ lint: name }) => name)).toEqual(['paged-twice'])
})

test('two objectives that page, one of an app that asks the other', () => {
  const page: Written = { name: 'page-availability', service: 'page' }
  const [finding, ...others] = lint([{}, page])
  expect(others).toEqual([])
  expect(placed([finding as Finding])).toEqual(['paged-twice 23 metadata.annotations.signalproof.dev/pages'])
  expect(finding?.seen).toMatch(/^pages of its own beside those of shop-availability \(.*slo\.yaml:5\)$/)
  expect(lint([{}, { ...page, annotations: noPage }])).toEqual([])
  expect(lint([{}, page], { asks: {} })).toEqual([])
})

test('every lint has a case here', () => {
  const found = [
    ...lint([{ target: 0.9, annotations: '' }, { name: 'again' }]),
    ...lint([slow], { edges: {} }),
    ...lint([{}], { timings: { ...surroundings.timings, retentionMs: dayMs } }),
  ]
  expect([...new Set(found.map(({ lint: name }) => name))].sort()).toEqual([...lintNames].sort())
})
