import { homedir } from 'node:os'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import type { RecordEntry, TimelineRecord } from '../claims/claim-record.ts'
import { claimRows } from '../claims/table.ts'
import type { RunningEnvironment } from '../environments/contract.ts'
import { hopNames } from '../timeline/hops.ts'
import { claimDouble, recordOf, resultOf } from './run-doubles.ts'
import type { RunFacts } from './run-result.ts'
import { writeClaim, writeSummary, writeTimeline } from './summary.ts'

const linesOf = (
  record: readonly RecordEntry[],
  columns = 100,
  changes: Partial<RunFacts> = {},
  environment: Partial<RunningEnvironment> = {},
): string[] =>
  stripVTControlCharacters(
    writeSummary(resultOf(record, changes, environment), { columns, runFolder: 'runs/r1' }),
  ).split('\n')

const timeline: TimelineRecord = {
  kind: 'request',
  id: 'the sixth error of available-schedules-go',
  alert: 'LogsErrorBurst',
  hops: hopNames.map((name, index) => ({
    name,
    at: 0,
    ms: index * 71_000,
    worstCaseMs: index * 100_000,
    deadlineMs: index * 100_250,
    formula: '',
  })),
  totalMs: 1_400,
  worstCaseMs: 1_650,
}

const reason = [
  'WAIT_TIMEOUT: expected stored: Loki answers with the line within 550 ms',
  '  seen: no line for {namespace="apps", app="available-schedules-go"} |= `"r-6"` (12 looks in 551 ms)',
  '  try:  look at the log of the collector and at loki_discarded_samples_total',
].join('\n')

const brokenAt = claimRows.findIndex(({ id }) => id === 'logs.fault-stored')
const wholeRun = recordOf(
  claimRows.map(({ id, title }, index) =>
    claimDouble(
      id,
      index === brokenAt
        ? { title, verdict: 'broken', reason, evidence: ['evidence/a.json'] }
        : { title, usedMs: 1_200, worstCaseMs: 119_000 },
    ),
  ),
)
const everything: RecordEntry[] = [
  ...wholeRun,
  { kind: 'timeline', timeline },
  {
    kind: 'promises',
    promises: [{ id: 'log-alert-delivered', profile: 'production', worstCaseMs: 40_500, promisedMs: 45_000 }],
  },
  {
    kind: 'note',
    id: 'alerts.one-incident-one-notification',
    text: '12 alerts: 1 notification and 1 resolve here, 12 notifications without grouping',
  },
]
const components = [
  {
    name: 'alertmanager',
    version: '0.31.1',
    provenance: 'downloaded',
    location: `${homedir()}/.cache/signalproof/alertmanager`,
  },
] as const

test.each([40, 41, 55, 80, 120])('fits a terminal of %d columns, whatever the run found', (columns) => {
  const set = ['log-rules:groups.log-errors.rules.LogsErrorBurst.for=1h']
  for (const changes of [{}, { outsideClaims: [reason] }]) {
    const lines = linesOf(everything, columns, changes, { components, set: columns < 60 ? [] : set })
    expect(lines.length).toBeGreaterThan(40)
    expect(lines.filter((line) => line.length > columns)).toEqual([])
  }
})

test('is as wide as a narrow terminal at least, and never wider than can be read', () => {
  expect(linesOf(everything, 1)).toEqual(linesOf(everything, 40))
  expect(linesOf(everything, 500)).toEqual(linesOf(everything, 120))
})

test('a broken run ends with the claim, what was expected and seen, what to try, and where the evidence is', () => {
  const text = linesOf(everything, 120).join('\n')
  const { id, title } = claimRows[brokenAt] ?? { id: '', title: '' }
  const ending = text.slice(text.indexOf('BROKEN  first at'))
  expect(ending).toContain(
    `BROKEN  first at ${id}  1 broken, 0 blocked behind them, ${claimRows.length - 1} proven`,
  )
  for (const part of [
    `the claim: ${title}`,
    'expected stored: Loki answers',
    'seen: no line for',
    'try:  look at the log',
    `evidence: runs/r1/evidence/${id}/ (1 files)`,
  ]) {
    expect(ending).toContain(part)
  }
})

test('what was skipped is said with its reason, and a reason once', () => {
  const reason = 'no fault may be made in an app here'
  const lines = linesOf(
    recordOf([
      claimDouble('logs.a'),
      ...['logs.b', 'logs.c'].map((id) => claimDouble(id, { verdict: 'skipped', reason })),
    ]),
  )
  expect(lines.slice(lines.indexOf('skipped'), lines.indexOf('skipped') + 2)).toEqual([
    'skipped',
    `  ${reason}: logs.b, logs.c`,
  ])
  expect(linesOf(recordOf([claimDouble('logs.a')]))).not.toContain('skipped')
})

test('a proven run says how many claims, and how many were skipped', () => {
  const claims = [claimDouble('logs.a'), claimDouble('logs.b')]
  expect(linesOf(recordOf(claims))).toContain('PROVEN  2 claims')
  expect(linesOf(recordOf([...claims, claimDouble('logs.c', { verdict: 'skipped' })]))).toContain(
    'PROVEN  2 claims, 1 skipped',
  )
})

test('an invalid run says that nothing is said about the stack, and why', () => {
  const lines = linesOf(wholeRun, 100, { outsideClaims: ['ENV_COMPONENT_DIED: loki'] })
  expect(lines).toContain('INVALID  nothing is said about the stack')
  expect(lines).toContain('  ENV_COMPONENT_DIED: loki')
  expect(lines.join('\n')).not.toMatch(/PROVEN|BROKEN {2}first/)
})

test('lists the claims by layer, known layers first, with what is proven of each', () => {
  const claims = [
    claimDouble('shop.x'),
    claimDouble('alerts.a'),
    claimDouble('logs.a'),
    claimDouble('logs.b', { verdict: 'broken', reason: 'no' }),
  ]
  const lines = linesOf(recordOf(claims))
  expect(lines.filter((line) => / of \d+ proven$/.test(line))).toEqual([
    'logs 1 of 2 proven',
    'alerts 1 of 1 proven',
    'shop 1 of 1 proven',
  ])
})

test('says of the times how much the claims overlapped, and which --set was in force', () => {
  const claims = [claimDouble('logs.a', { ms: 15_000 }), claimDouble('logs.b', { ms: 10_000 })]
  const lines = linesOf(
    [...recordOf(claims), { kind: 'environment-ready', afterMs: 4_200 }],
    120,
    {},
    { set: ['a:b=c', "dashboards:d.panels.It's red.title=x y"] },
  )
  expect(lines).toContain('wall 10.0 s, ready after 4.2 s, critical path 16.0 s, claims 25.0 s (2.5 × wall)')
  expect(lines).toContain("with --set a:b=c --set 'dashboards:d.panels.It'\\''s red.title=x y'")
})

test('a run that was interrupted says which claims were broken by then, though it has no verdict', () => {
  const broken = {
    verdict: 'broken',
    reason: 'CLAIM_BROKEN: alerts\n  expected: []\n  seen: ["A","B"]\n  try:  look',
  } as const
  const ending = (claims: Parameters<typeof recordOf>[0]) => {
    const lines = linesOf(recordOf(claims), 100, { interrupted: true })
    return lines.slice(lines.indexOf('INVALID  nothing is said about the stack') + 1)
  }
  expect(
    ending([claimDouble('logs.a'), claimDouble('logs.b', broken), claimDouble('logs.c', broken)]).slice(0, 7),
  ).toEqual([
    '  the run was interrupted',
    '  before that logs.b was broken, and 1 more:',
    '  CLAIM_BROKEN: alerts',
    '    expected: nothing',
    '    seen: A',
    '      B',
    '    try:  look',
  ])
  expect(ending([claimDouble('logs.a')]).slice(0, 2)).toEqual([
    '  the run was interrupted',
    expect.stringMatching(/^wall/),
  ])
})

test('a promise is shown as kept or broken, also exactly at its worst case', () => {
  const promise = { id: 'p', profile: 'fast', worstCaseMs: 2_000, promisedMs: 2_000 }
  const record = [
    ...wholeRun,
    { kind: 'promises', promises: [promise, { ...promise, worstCaseMs: 2_001 }] } as const,
  ]
  expect(linesOf(record).filter((line) => line.includes('promised'))).toEqual([
    '  ✓ p in fast: at worst 2.0 s, promised 2.0 s',
    '  ✗ p in fast: at worst 2.0 s, promised 2.0 s',
  ])
})

test('a claim that waited shows its time; one that did not is a line without an empty one below', () => {
  const used = claimDouble('logs.a', { usedMs: 700, worstCaseMs: 1_900 })
  expect(stripVTControlCharacters(writeClaim(used, 60))).toMatch(/^ {2}✓ logs\.a +700 ms of 1\.9 s$/)
  expect(stripVTControlCharacters(writeClaim(used, 60))).toHaveLength(60)
  expect(stripVTControlCharacters(writeClaim(claimDouble('logs.a'), 40))).toBe('  ✓ logs.a')
  expect(stripVTControlCharacters(writeClaim(used, 40))).toBe('  ✓ logs.a\n    700 ms of 1.9 s')
})

test("a hop's bar is as long as its time, and the rest of what it is allowed is open", () => {
  const hop = { name: 'stored', at: 0, ms: 500, worstCaseMs: 1_000, deadlineMs: 1_250, formula: '' }
  const late = { ...hop, name: 'fired', ms: 2_000 }
  const rows = stripVTControlCharacters(
    writeTimeline({ ...timeline, totalMs: null, hops: [hop, late] }, 75),
  ).split('\n')
  expect(rows[0]).toBe('the sixth error of available-schedules-go seen as far as fired')
  expect(rows[1]).toBe(`  stored       500 ms of    1.0 s  ${'█'.repeat(10)}${'░'.repeat(10)}`)
  expect(rows[2]).toBe(`  fired         2.0 s of    1.0 s  ${'█'.repeat(40)}`)
})
