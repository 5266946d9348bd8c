import type { PanelsFile } from '../../dashboards/panel-record.ts'
import type { ClosedAccounts } from '../../load/accounts/close-accounts.ts'
import type { RunResult } from '../run-result.ts'

/** Everything that a report is made from: what lies in a run's folder, read and bounded. */
export interface ReportInput {
  readonly result: RunResult
  /** Of load.json: all rows of the accounts. */
  readonly accounts: Pick<ClosedAccounts, 'balance' | 'drainedMs'> | undefined
  readonly panels: PanelsFile | undefined
  readonly evidence: readonly EvidenceFile[]
  /** What lies in the folder and could not be read; said in the report, since a missing section looks like a missing fault. */
  readonly unread: readonly string[]
}

/** The begin of a file that a claim kept. */
export interface EvidenceFile {
  readonly claim: string
  /** In the run's folder. */
  readonly path: string
  readonly sizeBytes: number
  /** Null where it is not there, or where the report has no room left. */
  readonly text: string | null
  /** How much of the file is not in `text`. */
  readonly leftOutBytes: number
}
