import { expect, test } from 'vitest'
import { backendDouble } from '../core/backend-double.ts'
import { Loki } from './loki.ts'
import { Prometheus } from './prometheus.ts'
import { findAlertingRule, type RuleGroup } from './rule-groups.ts'

const evaluated = { health: 'ok', lastEvaluation: '2026-11-23T08:00:00.5Z', evaluationTime: 0.002 }
const alerting = {
  type: 'alerting',
  name: 'LogsErrorBurst',
  query: 'x > 5',
  duration: 60,
  keepFiringFor: 0,
  ...evaluated,
  labels: { severity: 'ticket' },
  annotations: {},
} as const
const recording = { type: 'recording', name: 'job:up', query: 'up', ...evaluated } as const
const group: RuleGroup = { name: 'g', file: 'rules.yaml', interval: 0.25, rules: [recording, alerting] }
const answer = (groups: unknown) => ({ status: 'success', data: { groups } })

test.each([
  ['Prometheus', Prometheus, '/api/v1/rules'],
  ["Loki's ruler", Loki, '/prometheus/api/v1/rules'],
] as const)('reads the groups of %s', async (_, Client, path) => {
  await using server = await backendDouble(answer([group]))
  expect(await new Client(server.url).ruleGroups()).toEqual([group])
  expect(server.asked[0]?.path).toBe(path)
})

test('reads a rule that was never evaluated, as its ruler answers it', async () => {
  const fresh = { ...alerting, health: 'unknown', lastEvaluation: '0001-01-01T00:00:00Z', lastError: '' }
  await using server = await backendDouble(answer([{ ...group, rules: [fresh] }]))
  expect(await new Prometheus(server.url).ruleGroups()).toMatchObject([{ rules: [{ health: 'unknown' }] }])
})

test.each([
  [
    'a rule of another type',
    [{ ...group, rules: [{ ...alerting, type: 'other' }] }],
    'data.groups.0.rules.0',
  ],
  [
    'a rule without its health',
    [{ ...group, rules: [{ ...alerting, health: undefined }] }],
    'data.groups.0.rules.0.health',
  ],
  ['a group without an interval', [{ ...group, interval: undefined }], 'data.groups.0.interval'],
  ['no groups', undefined, 'data.groups'],
])('refuses %s, with the place', async (_, groups, place) => {
  await using server = await backendDouble(answer(groups))
  await expect(new Prometheus(server.url).ruleGroups()).rejects.toMatchObject({
    code: 'BACKEND_BAD_ANSWER',
    account: { seen: expect.stringContaining(`at ${place}`) },
  })
})

test('finds an alerting rule by its alert, with its group, and no recording rule', () => {
  expect(findAlertingRule([group], 'LogsErrorBurst')).toEqual({ rule: alerting, group })
  expect(findAlertingRule([group], 'job:up')).toBeUndefined()
  expect(findAlertingRule([], 'LogsErrorBurst')).toBeUndefined()
})
