import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { SignalproofError } from '../core/signalproof-error.ts'

/** Where runs are kept, and how a person names one of them. */

export const runsFolder = (root: string): string => join(root, '.signalproof', 'runs')

/**
 * The folder of the run or series that a person named: by its id, by its folder, or by its result.json.
 * @throws SignalproofError USAGE_UNKNOWN_NAME
 */
export function folderNamed(root: string, named: string): string {
  const places = [join(runsFolder(root), named), resolve(named)]
  const file = places[1]
  if (file !== undefined && basename(file) === 'result.json' && existsSync(file)) return dirname(file)
  const folder = places.find((place) => statSync(place, { throwIfNoEntry: false })?.isDirectory() === true)
  if (folder === undefined) throw notThere(root, named, `neither ${places.join(' nor ')} is a folder`)
  return folder
}

/**
 * The folder of the newest run that has a result: ids begin with the moment at which they were made.
 * @throws SignalproofError USAGE_UNKNOWN_NAME where no run is kept
 */
export function newestRun(root: string): string {
  const runs = runsFolder(root)
  const newest = existsSync(runs)
    ? readdirSync(runs)
        .sort()
        .findLast((id) => existsSync(join(runs, id, 'result.json')))
    : undefined
  if (newest !== undefined) return join(runs, newest)
  throw new SignalproofError('USAGE_UNKNOWN_NAME', {
    expected: 'a kept run to write a report of',
    seen: `no result.json in a folder of ${runs}`,
    remedy: '`signalproof verify` makes and keeps a run; a run in another folder is named by it',
  })
}

export function notThere(root: string, named: string, why: string): SignalproofError {
  const runs = runsFolder(root)
  const known = existsSync(runs)
    ? readdirSync(runs, { withFileTypes: true })
        .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
        .sort()
        .slice(-5)
    : []
  return new SignalproofError('USAGE_UNKNOWN_NAME', {
    expected: 'the id or the folder of a kept run, or of a series of them',
    seen: `${named}: ${why}`,
    remedy:
      known.length === 0
        ? '`signalproof verify` and `signalproof load` make and keep a run'
        : `the newest runs are ${known.join(', ')}`,
  })
}
