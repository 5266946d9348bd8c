import { expect, test } from 'vitest'
import type { RuleGroup } from '../backends/rule-groups.ts'
import { epochMs } from '../core/clock.ts'
import type { PipelineTimings } from '../timeline/pipeline-timings.ts'
import { ruleDouble, timingsDouble } from '../timeline/timing-doubles.ts'
import { rulesOnTime, selectorsOf } from './rule-checks.ts'
import type { Run } from './run.ts'

type Rule = RuleGroup['rules'][number]

const rule = (changes: Partial<Rule> & { agoMs?: number } = {}): Rule => {
  const { agoMs = 0, ...more } = changes
  const lastEvaluation = new Date(epochMs() - agoMs).toISOString()
  return {
    type: 'alerting',
    name: 'A',
    query: 'x',
    duration: 0,
    health: 'ok',
    evaluationTime: 0,
    lastEvaluation,
    ...more,
  } as Rule
}
/** When somebody asked, and what is left to a rule beside its interval. */
const now = () => ({ askedAt: epochMs(), allowanceMs: 250 })

const group = (...rules: readonly Rule[]): RuleGroup => ({
  name: 'g',
  file: 'f',
  interval: 60,
  rules: [...rules],
})

test('finds every wanted alert loaded, healthy and evaluated within its interval', () => {
  const groups = [
    group(rule(), rule({ type: 'recording', name: 'r' })),
    group(rule({ name: 'B', agoMs: 59_000 })),
  ]
  expect(rulesOnTime(groups, ['A', 'B'], now())).toEqual({ ok: true, value: 2 })
})

test.each([
  [[], 'no rule for A, B; groups loaded: none'],
  [[group(rule())], 'no rule for B; groups loaded: g'],
  [[group(rule(), rule({ type: 'recording', name: 'B' }))], 'no rule for B; groups loaded: g'],
])('names the wanted alerts that are not loaded (case %#)', (groups, saw) => {
  expect(rulesOnTime(groups, ['A', 'B'], now())).toEqual({ ok: false, saw })
})

test.each([
  [{ health: 'err', lastError: 'many-to-many matching' }, 'A is err: many-to-many matching'],
  [{ health: 'unknown' }, 'A is unknown: not evaluated yet'],
])('says what ails a rule: %j', (changes, saw) => {
  expect(rulesOnTime([group(rule(changes))], ['A'], now())).toEqual({ ok: false, saw })
})

test('an ailing rule that nobody asked for, a recording one included, is named as well', () => {
  const ailing = rule({ type: 'recording', name: 'job:up', health: 'err', lastError: 'no' })
  expect(rulesOnTime([group(rule(), ailing)], ['A'], now())).toEqual({ ok: false, saw: 'job:up is err: no' })
})

test('a rule is late once it is older than its interval, its own evaluation and the allowance', () => {
  expect(rulesOnTime([group(rule({ agoMs: 60_100 }))], ['A'], now())).toMatchObject({ ok: true })
  expect(rulesOnTime([group(rule({ agoMs: 61_000, evaluationTime: 2 }))], ['A'], now())).toMatchObject({
    ok: true,
  })
  const slowly = { askedAt: epochMs() - 1_000, allowanceMs: 250 }
  const late = [group(rule({ agoMs: 61_000 }))]
  expect(rulesOnTime(late, ['A'], slowly), 'by an answer that took a second').toMatchObject({ ok: true })
  expect(rulesOnTime(late, ['A'], now())).toEqual({
    ok: false,
    saw: expect.stringMatching(/^A was evaluated 6\d{4} ms ago, its interval is 60000 ms$/),
  })
})

const runWith = (expr: string) =>
  ({ timings: async (): Promise<PipelineTimings> => timingsDouble([ruleDouble({ expr })]) }) as unknown as Run

test.each([
  [
    'promql',
    'rate(errors{app="a"}[1m]) / rate(all[1m]) > 0.1 and rate(all[1m]) > 1',
    ['errors{app="a"}', 'all'],
  ],
  ['promql', 'vector(1)', []],
  ['logql', 'rate({a="b"} |= `{c="d"}` [1m]) or rate({a=~"e|f"} [1m]) > 5', ['{a="b"}', '{a=~"e|f"}']],
] as const)('finds each selector of the deployed rule once: %s %s', async (language, expr, selectors) => {
  expect(await selectorsOf(runWith(expr), language, 'LogsErrorBurst')).toEqual(selectors)
})
