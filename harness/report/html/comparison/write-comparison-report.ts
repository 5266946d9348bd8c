import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeThrown, SignalproofError } from '../../../core/signalproof-error.ts'
import { type Comparison, compareRuns } from '../../../load/compare/compare-runs.ts'
import { readKeptSeries } from '../../../load/compare/kept-load.ts'
import { readRun } from '../read-run.ts'
import { writeComparisonPage } from './comparison-page.ts'
import { changesBetween } from './run-changes.ts'

/**
 * Writes what changed from one run to another into the folder of the second.
 * @returns the path of the page
 * @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID where a folder has no result of this version
 */
export function writeComparisonReport(root: string, beforeFolder: string, afterFolder: string): string {
  const [before, after] = [readRun(beforeFolder), readRun(afterFolder)]
  const haveLoads = before.result.load !== undefined && after.result.load !== undefined
  const page = writeComparisonPage({
    before,
    after,
    changes: changesBetween(before, after),
    load: haveLoads ? loadsOf(root, beforeFolder, afterFolder) : undefined,
  })
  const path = join(afterFolder, `compared-with-${before.result.runId.replaceAll(/[^\w.-]/g, '-')}.html`)
  writeFileSync(path, page)
  return path
}

/** A load that says nothing is a reason to write down, none to leave the other changes out. */
function loadsOf(root: string, beforeFolder: string, afterFolder: string): Comparison | string {
  try {
    return compareRuns(readKeptSeries(root, beforeFolder), readKeptSeries(root, afterFolder))
  } catch (thrown) {
    if (thrown instanceof SignalproofError) return describeThrown(thrown)
    throw thrown
  }
}
