import { expect, test } from 'vitest'
import { checkPlan } from './plan-check.ts'
import type { ComponentPlan } from './supervisor-protocol.ts'

const component = (name: string, ...needs: string[]): ComponentPlan => ({
  name,
  command: name,
  args: [],
  env: {},
  cwd: '/',
  needs,
  ready: { url: 'http://127.0.0.1:1/', withinMs: 1 },
  logs: { kind: 'plain', file: '/dev/null' },
  stopWithinMs: 1,
})

test('a plan in any order that can start passes', () => {
  expect(() =>
    checkPlan([component('ruler', 'store', 'alertmanager'), component('alertmanager'), component('store')]),
  ).not.toThrow()
})

test.each([
  { plan: [], seen: 'none', where: 'components' },
  { plan: [component('store'), component('store')], seen: 'store twice', where: 'components[1].name' },
  { plan: [component('ruler', 'stoer')], seen: 'stoer', where: 'components[0].needs' },
  { plan: [component('store', 'store')], seen: 'store wait for each other', where: 'components' },
  {
    plan: [component('store'), component('ruler', 'alertmanager'), component('alertmanager', 'ruler')],
    seen: 'ruler, alertmanager wait for each other',
    where: 'components',
  },
])('a plan that could never start is refused: $seen', ({ plan, seen, where }) => {
  expect(() => checkPlan(plan)).toThrow(
    expect.objectContaining({ code: 'INTERNAL', account: expect.objectContaining({ seen, where }) }),
  )
})
