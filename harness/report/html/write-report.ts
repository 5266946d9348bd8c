import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeRunPage } from './page.ts'
import { readRun } from './read-run.ts'

const reportName = 'report.html'

/**
 * Writes report.html of the run in this folder, from the files that lie there.
 * @returns its path
 * @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID where the folder has no result of this version
 */
export async function writeReport(folder: string): Promise<string> {
  const input = readRun(folder)
  const { panels } = input
  // The library is loaded by runs that have something to plot, and by no other command.
  const draw =
    panels === undefined || panels.panels.length === 0
      ? undefined
      : await (await import('./panel-plot.ts')).loadPlots(panels)
  const path = join(folder, reportName)
  // Whoever has the page open or is just uploading it never sees a half of it.
  writeFileSync(`${path}.new`, writeRunPage(input, draw))
  renameSync(`${path}.new`, path)
  return path
}
