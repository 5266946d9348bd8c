import type { RunningEnvironment } from '../environments/contract.ts'
import { alertRows } from './alert-rows.ts'
import { type ClaimRow, layers } from './claim-row.ts'
import { changeRows, clusterRows } from './cluster-rows.ts'
import { outageRows } from './outage-rows.ts'
import { type Abilities, whyNotHere } from './requirements.ts'
import { signalRows } from './signal-rows.ts'

const placeOf = ({ layer }: ClaimRow): number => (layers as readonly string[]).indexOf(layer)

/**
 * The table of claims. Its order is the order of the chain: the first broken row is the answer of a run. Suites, the
 * timeline, the report and the drill refer to these ids. Within a layer, what a cluster has to be comes before what is
 * judged on it.
 */
export const claimRows: readonly ClaimRow[] = [
  ...clusterRows,
  ...signalRows,
  ...alertRows,
  ...outageRows,
  ...changeRows,
].toSorted((a, b) => placeOf(a) - placeOf(b))

/**
 * The rows that exist in an environment. What is said of a cluster only stands in nobody's way where it cannot be looked
 * at: a need of such a row is left out.
 */
export function rowsOf(
  { kind, ...abilities }: Pick<RunningEnvironment, 'kind'> & Abilities,
  rows: readonly ClaimRow[] = claimRows,
): ClaimRow[] {
  const here = rows.filter(({ only }) => only === undefined || kind !== 'process')
  const unseen = new Set(
    rows
      .filter((row) => row.only !== undefined && (kind === 'process' || whyNotHere(row, abilities)))
      .map(({ id }) => id),
  )
  return here.map((row) => ({
    ...row,
    needs: row.needs.filter(({ id }) => !unseen.has(id)),
    ...(row.after === undefined ? {} : { after: row.after.filter((id) => !unseen.has(id)) }),
  }))
}
