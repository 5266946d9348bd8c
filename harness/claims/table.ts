import { alertRows } from './alert-rows.ts'
import type { ClaimRow } from './claim-row.ts'
import { outageRows } from './outage-rows.ts'
import { signalRows } from './signal-rows.ts'

/**
 * The table of claims. Its order is the order of the chain: the first broken row is the answer of a run. Suites, the
 * timeline, the report and the drill refer to these ids.
 */
export const claimRows: readonly ClaimRow[] = [...signalRows, ...alertRows, ...outageRows]
