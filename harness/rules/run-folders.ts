import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** How many runs whose stack's logs were kept stay at hand; older ones are of rules that nobody works on any more. */
const keptRuns = 3

/** Removes all but the newest of the runs that are over. One that goes on still has its data, and is left alone. */
export function removeOldRuns(folder: string): void {
  if (!existsSync(folder)) return
  const over = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !existsSync(join(folder, entry.name, 'data')))
    .map(({ name }) => name)
    .sort()
  for (const name of over.slice(0, -keptRuns)) rmSync(join(folder, name), { recursive: true, force: true })
}
