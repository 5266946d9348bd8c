import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseDurationMs } from '../core/prometheus-duration.ts'
import type { AppVariables } from './app-variables.ts'
import { getAtPath, isMap, mapValuesOfKeys } from './document-path.ts'
import { loadConfig } from './load-config.ts'
import { windowsMs } from './range-windows.ts'
import {
  type DocumentName,
  documentNames,
  readStackDocuments,
  type StackDocuments,
} from './stack-documents.ts'
import { applyProfile } from './time-profiles.ts'

const git = readStackDocuments(await loadConfig(join(import.meta.dirname, '..', '..')))

const documents = (more: Partial<StackDocuments>): StackDocuments => ({
  ...(Object.fromEntries(documentNames.map((name) => [name, {}])) as StackDocuments),
  ...more,
})

const ruleWith = (rule: Record<string, unknown>) => ({
  groups: [{ name: 'g', rules: [{ alert: 'A', ...rule }] }],
})

/** Every place of a document with what stands there. */
function places(document: unknown): Map<string, unknown> {
  const found = new Map<string, unknown>()
  mapValuesOfKeys(document, (_, value, path) => {
    if (!isMap(value) && !Array.isArray(value)) found.set(path, value)
    return value
  })
  return found
}

test('production is what git holds, and the same object', () => {
  expect(applyProfile('production', git)).toBe(git)
})

test('fast leaves the documents of git as they were', () => {
  const before = structuredClone(git)
  applyProfile('fast', git)
  expect(git).toEqual(before)
})

test.each<[DocumentName, string]>([
  ['prometheus', 'global.scrape_interval'],
  ['prometheus', 'global.evaluation_interval'],
  ['prometheus', 'scrape_configs.loki.scrape_interval'],
  ['prometheus-flags', 'rules.alert.resend-delay'],
  ['loki', 'ruler.evaluation_interval'],
  ['loki', 'ruler.poll_interval'],
  ['collector', 'receivers.file_log.poll_interval'],
  ['tempo', 'ingester.trace_idle_period'],
  ['tempo', 'ingester.flush_check_period'],
  ['metric-rules', 'groups.scraping.rules.TargetDown.for'],
  ['alertmanager', 'route.group_wait'],
  ['alertmanager', 'route.routes.ticket.group_wait'],
])('fast shortens %s %s', (name, path) => {
  const [long, short] = [git, applyProfile('fast', git)].map((documents) =>
    parseDurationMs(String(getAtPath(documents[name], path))),
  )
  expect(long).toBeGreaterThan(0)
  expect(short).toBeLessThan(long ?? 0)
})

test('fast shortens every window and `for` that it takes, and longer ones stay longer', () => {
  const shortOf = (duration: string) => {
    const rule = ruleWith({ expr: `rate(x[${duration}]) > 1`, for: duration })
    const fast = applyProfile('fast', documents({ 'metric-rules': rule }))['metric-rules']
    const [window] = windowsMs('promql', String(getAtPath(fast, 'groups.g.rules.A.expr')))
    return [window, parseDurationMs(String(getAtPath(fast, 'groups.g.rules.A.for')))]
  }
  for (const column of [0, 1]) {
    const [one = 0, two = 0, five = 0] = ['1m', '2m', '5m'].map((duration) => shortOf(duration)[column] ?? 0)
    expect([0 < one, one < two, two < five, five < 60_000]).toEqual([true, true, true, true])
  }
})

test('fast shortens every window of the rules in git and nothing else in their expressions', () => {
  const fast = applyProfile('fast', git)
  for (const [name, language] of [
    ['log-rules', 'logql'],
    ['metric-rules', 'promql'],
  ] as const) {
    const [before, after] = [places(git[name]), places(fast[name])]
    const exprs = [...before.keys()].filter((path) => path.endsWith('.expr'))
    expect(exprs.length, `expressions in ${name}`).toBeGreaterThan(0)
    for (const path of exprs) {
      const [long, short] = [String(before.get(path)), String(after.get(path))]
      const windows = windowsMs(language, long)
      expect(
        windowsMs(language, short).every((ms, index) => ms < (windows[index] ?? 0)),
        short,
      ).toBe(true)
      expect(short.replaceAll(/\[\w+\]/g, '[]')).toBe(long.replaceAll(/\[\w+\]/g, '[]'))
    }
  }
})

test('fast changes durations only: names, labels, annotations, addresses and thresholds stay', () => {
  const fast = applyProfile('fast', git)
  for (const name of documentNames) {
    const after = places(fast[name])
    const changed = [...places(git[name])]
      .filter(([path, value]) => after.get(path) !== value)
      .map(([path]) => path)
    const keys = new Set(changed.map((path) => path.replace(/^.*\.(?=[A-Za-z_]+$)/, '')))
    expect([...after.keys()]).toEqual([...places(git[name]).keys()])
    for (const key of keys)
      expect(key, name).toMatch(
        /[iI]nterval|timeout|delay|^for$|keep_firing_for|group_wait|expr$|_period$|max_block_duration|_DELAY$/,
      )
  }
})

test.each<[DocumentName, unknown, string, string]>([
  ['metric-rules', ruleWith({ expr: 'up', for: '3m' }), 'metric-rules: A (groups[0].rules[0].for)', '3m'],
  [
    'alertmanager',
    { route: { routes: [{ group_wait: '45s' }] } },
    'alertmanager: route.routes[0].group_wait',
    '45s',
  ],
  ['prometheus', { global: { scrape_interval: '15s' } }, 'prometheus: global.scrape_interval', '15s'],
  [
    'collector',
    { receivers: { file_log: { poll_interval: '1s' } } },
    'collector: receivers.file_log.poll_interval',
    '1s',
  ],
  [
    'prometheus-flags',
    { 'rules.alert.resend-delay': '30s' },
    'prometheus-flags: rules.alert.resend-delay',
    '30s',
  ],
  [
    'metric-rules',
    ruleWith({ expr: 'rate(x[7m]) > 1' }),
    'metric-rules: A (groups[0].rules[0].expr), range window',
    '7m',
  ],
  [
    'log-rules',
    ruleWith({ expr: 'rate({a="b"}[9m]) > 1' }),
    'log-rules: A (groups[0].rules[0].expr), range window',
    '9m',
  ],
])(
  'fast refuses a duration of %s that it has no entry for, with its place',
  (name, document, where, seen) => {
    expect(() => applyProfile('fast', documents({ [name]: document }))).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        account: {
          expected: expect.stringMatching(/^a duration that the fast profile has an entry for \(.*\d.*\)$/),
          seen,
          where,
          remedy:
            'use one of these: the fast profile shortens no other. `--profile production` shortens nothing',
        },
      }),
    )
  },
)

test('fast lets every app export sooner, and a block of Tempo get no more files than in production', () => {
  const fast = applyProfile('fast', git)
  const delay = (documents: StackDocuments) =>
    Object.values(documents.apps as AppVariables).map((variables) =>
      Number(variables.OTEL_BSP_SCHEDULE_DELAY),
    )
  expect(delay(git)).toEqual([1000, 1000, 1000])
  expect(delay(fast)).toEqual([400, 400, 400])
  const filesOfBlock = ({ tempo }: StackDocuments) => {
    const [block = 0, check = 1] = ['max_block_duration', 'flush_check_period'].map(
      (key) => parseDurationMs(String(getAtPath(tempo, `ingester.${key}`))) ?? 0,
    )
    return block / check
  }
  expect([git, fast].map(filesOfBlock)).toEqual([30, 30])
})

test('fast leaves a key alone that is no duration there, and an expr outside of rules', () => {
  const loki = { interval: { for: 5, expr: 'rate(x[7m])' }, for: ['5m'] }
  expect(applyProfile('fast', documents({ loki })).loki).toEqual(loki)
})

test('what objectives record is evaluated less often than alerts, in every group', () => {
  const groups = [{ name: 'page' }, { name: 'ticket', interval: '2m' }, { name: 'budget', interval: '5m' }]
  const { 'slo-rules': fast } = applyProfile('fast', { 'slo-rules': { groups } })
  expect(fast).toEqual({ groups: groups.map(({ name }) => ({ interval: '2s', name })) })
  expect(applyProfile('production', { 'slo-rules': { groups } })['slo-rules']).toEqual({ groups })
})
