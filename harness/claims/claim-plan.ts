import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunningEnvironment } from '../environments/contract.ts'
import type { ClaimRow } from './claim-row.ts'
import { testTitle } from './registry.ts'
import { type Abilities, whyNotHere } from './requirements.ts'
import { rowsOf } from './table.ts'

/** What a run in an environment would look at, and what it would skip and why, before it asks anybody anything. */

export interface PlannedClaim {
  readonly id: string
  readonly layer: string
  readonly title: string
  readonly willBe: 'checked' | 'skipped'
  /** Why it would be skipped. */
  readonly reason?: string
  /** What is changed to judge it. */
  readonly changes?: string
}

export interface ClaimSelection {
  /** The folders of the scenarios that are run; all of them when there is none. */
  readonly layers: readonly string[]
  /** Matched against `id: title`. */
  readonly pattern?: string | undefined
}

/** The claims of some scenarios with all that they need, in the order of the table. */
export function planClaims(
  environment: Pick<RunningEnvironment, 'kind'> & Abilities,
  scenarios: readonly ScenarioFile[],
  { layers, pattern }: ClaimSelection,
): PlannedClaim[] {
  const rows = new Map(rowsOf(environment).map((row) => [row.id, row]))
  const title = pattern === undefined ? undefined : new RegExp(pattern)
  const wanted = scenarios
    .filter(({ layer }) => layers.length === 0 || layers.includes(layer))
    .flatMap(({ claims }) => claims)
    .flatMap((id) => rows.get(id) ?? [])
    .filter((row) => title === undefined || title.test(testTitle(row)))
  const inRun = withNeeds(wanted, rows)
  const plans = new Map<string, PlannedClaim>()
  // A need stands further up in the table, so its own plan is there first.
  for (const row of rows.values()) if (inRun.has(row.id)) plans.set(row.id, planOf(row, environment, plans))
  return [...plans.values()]
}

function planOf(row: ClaimRow, abilities: Abilities, plans: ReadonlyMap<string, PlannedClaim>): PlannedClaim {
  const { id, layer, title, changes } = row
  const reason = whyNotHere(row, abilities) ?? whySkippedBefore(row, plans)
  return reason === undefined
    ? { id, layer, title, willBe: 'checked', ...(changes === undefined ? {} : { changes }) }
    : { id, layer, title, willBe: 'skipped', reason }
}

/** The claim at the root of a chain of needs is the one to name. */
function whySkippedBefore({ needs }: ClaimRow, plans: ReadonlyMap<string, PlannedClaim>): string | undefined {
  const skipped = needs.map(({ id }) => plans.get(id)).find((plan) => plan?.willBe === 'skipped')
  if (skipped === undefined) return undefined
  return skipped.reason?.startsWith('it needs ') === true
    ? skipped.reason
    : `it needs ${skipped.id}: ${skipped.reason}`
}

function withNeeds(wanted: readonly ClaimRow[], rows: ReadonlyMap<string, ClaimRow>): Set<string> {
  const inRun = new Set<string>()
  const add = (row: ClaimRow | undefined) => {
    if (row === undefined || inRun.has(row.id)) return
    inRun.add(row.id)
    for (const { id } of row.needs) add(rows.get(id))
  }
  for (const row of wanted) add(row)
  return inRun
}

export interface ScenarioFile {
  readonly path: string
  readonly layer: string
  /** The ids of the table that it makes claims of. */
  readonly claims: readonly string[]
  /** How many claims it makes with rows of its own, which are known only once it runs. */
  readonly ownRows: number
}

/** The scenario files below a folder, by a simple reading of their text: running them would start a run. */
export function readScenarioFiles(folder: string): ScenarioFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(folder, path), 'utf8')
      const claims = [...text.matchAll(/^claim\(\s*'([^']+)'/gm)].map(([, id]) => id ?? '')
      const calls = text.match(/\bclaim\(/g)?.length ?? 0
      return { path, layer: path.split(/[\\/]/)[0] ?? '', claims, ownRows: calls - claims.length }
    })
}
