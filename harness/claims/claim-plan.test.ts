import { expect, test } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { planClaims, readScenarioFiles } from './claim-plan.ts'
import { claimRows } from './table.ts'

const reader = {
  kind: 'cluster',
  capabilities: ['metrics', 'logs', 'alerts'],
  lacks: { traffic: 'no request may be sent to the apps here' },
} as const

const all = [{ path: 'all.test.ts', layer: 'all', claims: claimRows.map(({ id }) => id), ownRows: 0 }]
const everything = { layers: [] }
const planOf = (plan: ReturnType<typeof planClaims>, id: string) => plan.find((claim) => claim.id === id)

test('a cluster that is only read is judged by what it says of itself', () => {
  const plan = planClaims(reader, all, everything)
  const checked = plan.filter(({ willBe }) => willBe === 'checked').map(({ id }) => id)
  expect(checked).toEqual([
    'platform.components-ready',
    'metrics.targets-up',
    'metrics.series-start-at-zero',
    'metrics.rules-on-time',
    'metrics.rule-selects-live-series',
    'logs.ruler-on-time',
    'alerts.deliverable',
    'alerts.within-promise',
    'alerts.page-covers-ticket',
    'dashboards.linked',
  ])
  expect(plan.flatMap(({ changes }) => changes ?? [])).toEqual([])
})

test('what is skipped says why, in the words of the environment, and names the root of a chain', () => {
  const plan = planClaims(reader, all, everything)
  expect(planOf(plan, 'platform.ingress-routes')).toMatchObject({
    willBe: 'skipped',
    reason: 'no request may be sent to the apps here',
  })
  const behind = 'it needs platform.ingress-routes: no request may be sent to the apps here'
  expect(planOf(plan, 'logs.rule-selects-live-streams')?.reason).toBe(
    behind.replace('platform.ingress-routes', 'logs.stored'),
  )
  expect(planOf(plan, 'alerts.fires')?.reason).toMatch(/^it needs logs\.fault-agrees: /)
})

test('with all that can be allowed only what breaks the stack or its objects is skipped', () => {
  const plan = planClaims(
    {
      ...reader,
      capabilities: ['traffic', 'sole-traffic', 'app-faults', 'notifications', 'kubernetes'],
      lacks: {},
    },
    all,
    everything,
  )
  expect(planOf(plan, 'alerts.resolved')).toMatchObject({ willBe: 'checked' })
  expect(planOf(plan, 'logs.fault-agrees')?.changes).toMatch(/made to fail/)
  expect(planOf(plan, 'alerts.hung-app')).toMatchObject({ willBe: 'skipped' })
  expect(planOf(plan, 'platform.workloads')).toMatchObject({ willBe: 'checked' })
})

test('a selection is planned with all that it needs, and no more', () => {
  const scenarios = [
    { path: 'metrics/a.test.ts', layer: 'metrics', claims: ['metrics.targets-up'], ownRows: 0 },
    { path: 'logs/a.test.ts', layer: 'logs', claims: ['logs.ruler-on-time'], ownRows: 0 },
  ]
  const ids = (selection: Parameters<typeof planClaims>[2]) =>
    planClaims(reader, scenarios, selection).map(({ id }) => id)
  expect(ids({ layers: ['metrics'] })).toContain('metrics.targets-up')
  expect(ids({ layers: ['metrics'] })).toContain('platform.components-ready')
  expect(ids({ layers: ['metrics'] })).not.toContain('logs.ruler-on-time')
  expect(ids({ layers: [], pattern: 'ruler' })).not.toContain('metrics.targets-up')
  expect(ids({ layers: [], pattern: 'of nobody' })).toEqual([])
})

test('scenario files are read for their claims; those with rows of their own are counted', () => {
  using folder = temporaryFolder({
    'logs/lines.test.ts': "claim('logs.stored', x)\nclaim(\n  'logs.counted-once',\n  y)\n",
    'shop/orders.test.ts': "claim({ id: 'shop.orders' }, x)\n",
    'stories/steps.ts': "claim('not.a.test', x)\n",
  })
  expect(readScenarioFiles(folder.path)).toEqual([
    { path: 'logs/lines.test.ts', layer: 'logs', claims: ['logs.stored', 'logs.counted-once'], ownRows: 0 },
    { path: 'shop/orders.test.ts', layer: 'shop', claims: [], ownRows: 1 },
  ])
})
