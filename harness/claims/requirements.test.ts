import { expect, test } from 'vitest'
import { capabilities, ownStackCapabilities } from '../environments/contract.ts'
import { whyNotHere } from './requirements.ts'
import { claimRows, rowsOf } from './table.ts'

const reader = { capabilities: ['metrics'] as const }

test('a claim that requires nothing is judged anywhere', () => {
  expect(whyNotHere({}, { capabilities: [] })).toBeUndefined()
})

test('the environment says why in its own words, or the capability does', () => {
  const claim = { requires: ['metrics', 'traffic'] as const }
  expect(whyNotHere(claim, reader)).toBe('no request may be sent to the apps here')
  expect(whyNotHere(claim, { ...reader, lacks: { traffic: 'it is a holiday' } })).toBe('it is a holiday')
  expect(whyNotHere(claim, { capabilities: ['traffic', 'metrics'] })).toBeUndefined()
})

test('a stack of ours lacks nothing but the cluster and Grafana: only claims about them are skipped', () => {
  const skipped = rowsOf({ kind: 'process', capabilities: ownStackCapabilities }).filter((row) =>
    whyNotHere(row, { capabilities: ownStackCapabilities }),
  )
  expect(skipped.map(({ id }) => id)).toEqual(['dashboards.grafana-healthy', 'dashboards.grafana-agrees'])
  const onCluster = { kind: 'k3s', capabilities, signals: { basis: 'this run' } } as const
  expect(rowsOf(onCluster).filter((row) => whyNotHere(row, onCluster))).toEqual([])
  expect(rowsOf(onCluster)).toHaveLength(claimRows.length)
})

test('a claim about Kubernetes that cannot be looked at stands in the way of none about the stack', () => {
  const rows = rowsOf({ kind: 'cluster', capabilities: ['metrics', 'traffic'] })
  const ready = rows.find(({ id }) => id === 'platform.components-ready')
  expect(ready?.needs).toEqual([])
  expect(rows.map(({ id }) => id)).toContain('platform.workloads')
  const looked = rowsOf({ kind: 'cluster', capabilities: ['kubernetes'] })
  expect(looked.find(({ id }) => id === 'platform.components-ready')?.needs).toMatchObject([
    { id: 'platform.workloads' },
  ])
})

test('what changes something says what it requires', () => {
  const unguarded = claimRows.filter(
    ({ changes, requires = [] }) => changes !== undefined && requires.length === 0,
  )
  expect(unguarded.map(({ id }) => id)).toEqual([])
})
