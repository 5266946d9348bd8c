import type { RunningEnvironment } from '../environments/contract.ts'
import type { SignalsBasis } from '../load/load-report.ts'
import { alertRows } from './alert-rows.ts'
import { type ClaimRow, layers } from './claim-row.ts'
import { changeRows, clusterRows } from './cluster-rows.ts'
import { dashboardRows } from './dashboard-rows.ts'
import { loadClusterRows } from './load-cluster-rows.ts'
import { loadRows } from './load-rows.ts'
import { ready } from './needs.ts'
import { outageRows } from './outage-rows.ts'
import { type Abilities, whyNotHere } from './requirements.ts'
import { signalRows } from './signal-rows.ts'
import { traceRows } from './trace-rows.ts'

const placeOf = ({ layer }: ClaimRow): number => (layers as readonly string[]).indexOf(layer)

/**
 * The table of claims. Its order is the order of the chain: the first broken row is the answer of a run. Suites, the
 * timeline, the report and the drill refer to these ids. Within a layer, what a cluster has to be comes before what is
 * judged on it.
 */
export const claimRows: readonly ClaimRow[] = [
  ...clusterRows,
  ...signalRows,
  ...traceRows,
  ...alertRows,
  ...outageRows,
  ...dashboardRows,
  ...loadRows,
  ...loadClusterRows,
  ...changeRows,
].toSorted((a, b) => placeOf(a) - placeOf(b))

/** Where claims are looked at, and under what. */
export interface ClaimPlace extends Pick<RunningEnvironment, 'kind'>, Abilities {
  /** What the load's figures rest on; undefined in a run without a load. */
  readonly signals?: SignalsBasis | undefined
}

/**
 * The rows that exist in an environment. What is said of a cluster only stands in nobody's way where it cannot be looked
 * at: a need of such a row is left out. So are the signals that a load rests on where they are not proven in this run.
 */
export function rowsOf(
  { kind, signals, ...abilities }: ClaimPlace,
  rows: readonly ClaimRow[] = claimRows,
): ClaimRow[] {
  const exists = ({ only }: ClaimRow) =>
    (kind !== 'process' || !isOfCluster(only)) && (signals !== undefined || !isOfLoad(only))
  const unseen = new Set(
    rows
      .filter((row) => !exists(row) || (isOfCluster(row.only) && whyNotHere(row, abilities) !== undefined))
      .map(({ id }) => id),
  )
  return rows
    .filter(exists)
    .map((row) => (signals === undefined || signals.basis === 'this run' ? row : withoutSignals(row, rows)))
    .map((row) => ({
      ...row,
      needs: row.needs.filter(({ id }) => !unseen.has(id)),
      ...(row.after === undefined ? {} : { after: row.after.filter((id) => !unseen.has(id)) }),
    }))
}

const isOfCluster = (only: ClaimRow['only']): boolean =>
  only === 'kubernetes' || only === 'load on kubernetes'

const isOfLoad = (only: ClaimRow['only']): boolean => only === 'load' || only === 'load on kubernetes'

/** Nothing can be sent to a stack that does not run: that is left of what a load needs. */
function withoutSignals(row: ClaimRow, rows: readonly ClaimRow[]): ClaimRow {
  if (!isOfLoad(row.only)) return row
  const ofLoad = row.needs.filter(({ id }) => isOfLoad(rows.find((other) => other.id === id)?.only))
  return { ...row, needs: ofLoad.length === row.needs.length ? ofLoad : [...ofLoad, ready] }
}

/** The claims that have to be proven before a load says anything, in the order of the table. */
export function signalsOfLoad(place: Omit<ClaimPlace, 'signals'>): string[] {
  const rows = rowsOf({ ...place, signals: { basis: 'this run' } })
  const byId = new Map(rows.map((row) => [row.id, row]))
  const needed = new Set<string>()
  const add = ({ needs }: ClaimRow) => {
    for (const { id } of needs) {
      const row = byId.get(id)
      if (row === undefined || needed.has(id)) continue
      needed.add(id)
      add(row)
    }
  }
  for (const row of rows) if (isOfLoad(row.only)) add(row)
  return rows.filter(({ id, only }) => needed.has(id) && !isOfLoad(only)).map(({ id }) => id)
}
