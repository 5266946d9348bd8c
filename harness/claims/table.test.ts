import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { capabilities, ownStackCapabilities } from '../environments/contract.ts'
import { rowDouble } from './claim-doubles.ts'
import { type ClaimRow, layers } from './claim-row.ts'
import { claimRows, rowsOf } from './table.ts'

/** What is wrong with the ids and needs of a table, in words; empty when nothing is. */
function faultsOf(rows: readonly ClaimRow[]): string[] {
  const ids = rows.map(({ id }) => id)
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} is there twice`)
  const misnamed = rows.flatMap(({ id, layer }) =>
    new RegExp(`^${layer}\\.[a-z0-9]+(-[a-z0-9]+)*$`).test(id) ? [] : [`${id} is not ${layer}.name`],
  )
  const dangling = rows.flatMap(({ id, needs }) =>
    needs.flatMap((need) => (ids.includes(need.id) ? [] : [`${id} needs ${need.id}, which has no row`])),
  )
  const danglingAfter = rows.flatMap(({ id, after = [] }) =>
    after.flatMap((other) => (ids.includes(other) ? [] : [`${id} comes after ${other}, which has no row`])),
  )
  const late = rows.flatMap(({ id, needs }, index) =>
    needs.flatMap((need) =>
      ids.indexOf(need.id) < index ? [] : [`${id} needs ${need.id}, which comes no earlier`],
    ),
  )
  return [...twice, ...misnamed, ...dangling, ...late, ...danglingAfter, ...circlesIn(rows)]
}

/** Claims that wait for themselves, by what they need or come after: nobody would ever judge them. */
function circlesIn(rows: readonly ClaimRow[]): string[] {
  const waitsFor = new Map(
    rows.map(({ id, needs, after = [] }) => [id, [...needs.map((need) => need.id), ...after]]),
  )
  const settled = new Set<string>()
  const circles: string[] = []
  const visit = (id: string, path: readonly string[]): void => {
    if (path.includes(id))
      circles.push(`${id} waits for itself, by way of ${path.slice(path.indexOf(id) + 1).join(', ')}`)
    if (settled.has(id) || path.includes(id)) return
    for (const other of waitsFor.get(id) ?? []) visit(other, [...path, id])
    settled.add(id)
  }
  for (const { id } of rows) visit(id, [])
  return circles
}

/**
 * The claims that a scenario file makes, by a simple reading of its text: `claim('id'` at the start of a line. A claim
 * that is written in another way is not seen.
 */
const claimsIn = (text: string): string[] =>
  [...text.matchAll(/^claim\('([^']+)'/gm)].map(([, id]) => id ?? '')

const scenarios = join(import.meta.dirname, '..', '..', 'scenarios')
const texts = readdirSync(scenarios, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(join(scenarios, file), 'utf8') }))

test('every id is layer.name and there once, and every need is a row further up, so that no needs go in a circle', () => {
  expect(claimRows.length).toBeGreaterThan(20)
  expect(faultsOf(claimRows)).toEqual([])
})

test.each([
  ['logs.a is there twice', [rowDouble('logs.a'), rowDouble('logs.a')]],
  ['logs.b is not metrics.name', [{ ...rowDouble('logs.b'), layer: 'metrics' }]],
  ['logs.Stored Line is not logs.name', [rowDouble('logs.Stored Line')]],
  ['logs.a needs logs.b, which has no row', [rowDouble('logs.a', 'logs.b')]],
  ['logs.a comes after logs.b, which has no row', [{ ...rowDouble('logs.a'), after: ['logs.b'] }]],
  [
    'logs.a waits for itself, by way of logs.b',
    [{ ...rowDouble('logs.a'), after: ['logs.b'] }, rowDouble('logs.b', 'logs.a')],
  ],
  ['logs.a needs logs.a, which comes no earlier', [rowDouble('logs.a', 'logs.a')]],
  [
    'logs.a needs logs.b, which comes no earlier',
    [rowDouble('logs.a', 'logs.b'), rowDouble('logs.b', 'logs.a')],
  ],
])('a table in which %s is found out', (fault, rows) => {
  expect(faultsOf(rows)).toContain(fault)
})

test('what comes after another may stand before it: the table says what is named first, not what is done first', () => {
  expect(faultsOf([{ ...rowDouble('logs.a'), after: ['logs.b'] }, rowDouble('logs.b')])).toEqual([])
})

test('every layer is a known one, and the rows stand in the order of the layers', () => {
  const places = claimRows.map(({ layer }) => (layers as readonly string[]).indexOf(layer))
  expect(places).not.toContain(-1)
  expect(places).toEqual(places.toSorted((a, b) => a - b))
})

test('no layer needs a claim of a later one', () => {
  const placeOf = (id: string) => layers.findIndex((layer) => id.startsWith(`${layer}.`))
  const upwards = claimRows.flatMap(({ id, needs }) => needs.filter((need) => placeOf(need.id) > placeOf(id)))
  expect(upwards).toEqual([])
})

test('no need says what another need of the same row says already', () => {
  const needsOf = new Map(claimRows.map(({ id, needs }) => [id, needs.map((need) => need.id)]))
  const behind = (id: string): string[] => (needsOf.get(id) ?? []).flatMap((need) => [need, ...behind(need)])
  const doubled = claimRows.flatMap(({ id, needs }) =>
    needs
      .filter((need) => needs.some((other) => behind(other.id).includes(need.id)))
      .map((need) => `${id} needs ${need.id} anyway`),
  )
  expect(doubled).toEqual([])
})

test('every row is a sentence, says why it needs what it needs, and what to try', () => {
  for (const { id, title, needs, remedy } of claimRows) {
    expect(title, id).toMatch(/^\S.*[^.\s]$/)
    expect(remedy, id).toMatch(/\S/)
    for (const { because } of needs) expect(because, id).toMatch(/^\S.*[^.\s]$/)
  }
  expect(new Set(claimRows.map(({ title }) => title)).size).toBe(claimRows.length)
})

test('every row has one claim in the scenarios, in the folder of its layer, and every claim has a row', () => {
  const made = texts.flatMap(({ file, text }) => claimsIn(text).map((id) => ({ file, id })))
  expect(made.map(({ id }) => id).sort()).toEqual(claimRows.map(({ id }) => id).sort())
  for (const { file, id } of made) expect(file.split(/[\\/]/)[0], id).toBe(id.split('.')[0])
})

test('the reading of the scenarios misses no call of claim()', () => {
  for (const { file, text } of texts) {
    const calls = text.match(/\bclaim\(/g) ?? []
    expect(claimsIn(text).length, file).toBe(calls.length)
  }
  expect(claimsIn("claim('a.b', x)\n  claim('c.d', y)\n// claim('e.f')\nclaim(`g.h`)\n")).toEqual(['a.b'])
})

test('claims that only a cluster or a load has are in no run without it, nor needed or waited for there', () => {
  const signals = { basis: 'this run' } as const
  const everywhere = claimRows.filter(({ only }) => only === undefined)
  for (const [place, ofPlace] of [
    [{ kind: 'process', capabilities: ownStackCapabilities }, []],
    [{ kind: 'process', capabilities: ownStackCapabilities, signals }, ['load']],
    [{ kind: 'k3s', capabilities }, ['kubernetes']],
  ] as const) {
    const here = rowsOf(place)
    expect(new Set(here.flatMap(({ only }) => only ?? []))).toEqual(new Set(ofPlace))
    expect(here.length).toBeGreaterThanOrEqual(everywhere.length)
    expect(here.length).toBeLessThan(claimRows.length)
    expect(faultsOf(here)).toEqual([])
  }
  expect(rowsOf({ kind: 'k3s', capabilities, signals })).toEqual(claimRows)
})

test('claims that only a cluster or a load has stand in files of their own', () => {
  const endingOf = {
    kubernetes: /(?<!\.load)\.cluster\.test\.ts$/,
    load: /\.load\.test\.ts$/,
    'load on kubernetes': /\.load\.cluster\.test\.ts$/,
  }
  for (const { file, text } of texts) {
    const onlyOf = claimsIn(text).map((id) => claimRows.find((row) => row.id === id)?.only)
    for (const [only, ending] of Object.entries(endingOf))
      expect(
        onlyOf.filter((each) => (each === only) !== ending.test(file)),
        `${file}: ${only}`,
      ).toEqual([])
  }
})

test('a load whose signals are proven elsewhere, or by nobody, needs a stack that runs and its own claims only', () => {
  const place = { kind: 'process', capabilities: ownStackCapabilities } as const
  const accepted = { basis: 'accepted run', runId: 'r1', provenAt: '2026-11-25T12:00:00.000Z' } as const
  for (const signals of [accepted, { basis: 'unproven' } as const]) {
    const rows = rowsOf({ ...place, signals })
    const needsOf = (id: string) => rows.find((row) => row.id === id)?.needs.map((need) => need.id)
    expect(needsOf('load.generated')).toEqual(['platform.components-ready'])
    expect(needsOf('load.accounts-balance')).toEqual(['load.generated'])
    expect(needsOf('metrics.counted-once')).toContain('metrics.targets-up')
    expect(faultsOf(rows)).toEqual([])
  }
  const here = rowsOf({ ...place, signals: { basis: 'this run' } })
  expect(here.find(({ id }) => id === 'load.generated')?.needs.map(({ id }) => id)).toEqual(
    claimRows.find(({ id }) => id === 'load.generated')?.needs.map(({ id }) => id),
  )
})
