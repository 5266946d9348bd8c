import { appendFileSync } from 'node:fs'
import { describeThrown } from '../../core/signalproof-error.ts'
import type { RunResult } from '../run-result.ts'
import { writeAnnotations } from './annotations.ts'
import { writeJobSummary } from './job-summary.ts'

/** GitHub takes no more of one step; what is longer is refused as a whole. */
const mostSummaryBytes = 1024 * 1024

/**
 * Tells the CI service that this run is in, if any, in its own ways: the summary of the job and annotations. A service
 * that cannot be told changes nothing of the verdict.
 * @param variables the process' environment
 * @param print takes what the service reads from the log
 */
export function tellCi(
  result: RunResult,
  variables: Readonly<Record<string, string | undefined>>,
  print: (text: string) => void,
): void {
  if (variables.GITHUB_ACTIONS === 'true') print(writeAnnotations(result))
  const file = variables.GITHUB_STEP_SUMMARY
  if (file === undefined || file === '') return
  const summary = writeJobSummary(result)
  const isTooLong = Buffer.byteLength(summary) > mostSummaryBytes
  try {
    appendFileSync(file, isTooLong ? `${summary.slice(0, mostSummaryBytes / 4)}\n\n…cut off\n` : summary)
  } catch (thrown) {
    print(`the job's summary could not be written: ${describeThrown(thrown)}\n`)
  }
}
