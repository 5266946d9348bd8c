import { basename } from 'node:path'
import { describeThrown } from '../../core/signalproof-error.ts'

/** Loads what draws panels, for a run that is about to have some. Where that fails, writing the report says so. */
export async function prepareReport(): Promise<void> {
  try {
    await (await import('./panel-plot.ts')).loadLibraries()
  } catch {
    // It is loaded again then.
  }
}

/**
 * Writes a run's report at its end, and answers with what the summary says of it. A page that cannot be written takes
 * nothing from the verdict, which result.json has already.
 * @param shownFolder the folder as the reader is told of it
 */
export async function reportLine(folder: string, shownFolder: string): Promise<string> {
  try {
    // Only the end of a run and `report` need what draws a page.
    const { writeReport } = await import('./write-report.ts')
    return `${shownFolder}/${basename(await writeReport(folder))}`
  } catch (thrown) {
    return `could not be written: ${describeThrown(thrown)}`
  }
}
