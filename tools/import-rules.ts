/**
 * Who may import whom, as a table. The check in import-direction.ts reads every import of every file and asks these
 * rules about it; a file that belongs to no place of the table is refused, so that a new folder has to be put into it.
 */

/**
 * The rooms of harness/, lowest first: a room may import the rooms of lower rows, never its neighbours in a row. The
 * doors are the files that stand in harness/ itself: what a suite, Vitest and another repository see of the harness.
 */
const harnessRows: readonly (readonly string[])[] = [
  ['core'],
  ['config'],
  ['backends', 'kube', 'toolchain', 'traffic'],
  ['images'],
  ['environments'],
  ['claims', 'faults', 'timeline', 'traces', 'load', 'slo', 'rules', 'drill', 'doctor', 'dashboards'],
  ['report'],
  ['the doors'],
  ['cli'],
]

/**
 * Neighbours that may be imported all the same: judging a claim takes a fault and its timeline, a load and what it spent of
 * an objective, and panels.
 */
const harnessExceptions: readonly (readonly [from: string, to: string])[] = [
  ['claims', 'faults'],
  ['claims', 'timeline'],
  ['claims', 'traces'],
  ['claims', 'load'],
  ['claims', 'slo'],
  ['claims', 'dashboards'],
  ['load', 'slo'],
]

/** The rooms of harness/ that know Vitest; anywhere else only tests do. */
const vitestRooms = ['claims', 'report', 'the doors', 'cli']

/** Tests, and what only tests use: the doubles of what they do without, and programs that they start. */
const testFile = /(\.test|-doubles?)\.ts$|\/(test|testdata)\//

/** What the TypeScript apps share. */
const sharedAppRoom = 'node-service'

/** Where a file stands: `room` is the folder below the area, empty for files of the areas that have no rooms. */
export interface Place {
  readonly area: 'harness' | 'scenarios' | 'apps' | 'tools' | 'root'
  readonly room: string
  readonly isTest: boolean
}

/** One import: `to` is a place of this repository or the name of a package. */
export interface ImportEdge {
  readonly from: Place
  readonly to: Place | { readonly packageName: string }
  /** The path of the imported file; the specifier for a package. */
  readonly target: string
}

export interface ImportRule {
  readonly name: string
  /** The rule as a sentence about what is allowed. */
  readonly allows: string
  readonly forbids: (edge: ImportEdge) => boolean
}

/** The place of a file by its path from the root of the repository; undefined when the table has no place for it. */
export function placeOf(path: string): Place | undefined {
  const [area = '', room = '', ...rest] = path.split('/')
  const isTest = testFile.test(path)
  if (room === '') return { area: 'root', room: '', isTest }
  if (area === 'scenarios' || area === 'tools') return { area, room: '', isTest }
  if (area === 'apps') return { area, room, isTest }
  if (area !== 'harness') return { area: 'root', room: '', isTest }
  const harnessRoom = rest.length === 0 ? 'the doors' : room
  return rowOf(harnessRoom) === -1 ? undefined : { area, room: harnessRoom, isTest }
}

function rowOf(room: string): number {
  return harnessRows.findIndex((row) => row.includes(room))
}

export const importRules: readonly ImportRule[] = [
  {
    name: 'harness-direction',
    allows: 'a room of harness/ imports itself and the rooms below it, never a neighbour or a room above',
    forbids: ({ from, to }) =>
      from.area === 'harness' && isPlace(to) && to.area === 'harness' && !mayImportRoom(from, to.room),
  },
  {
    name: 'harness-stands-alone',
    allows: 'harness/ imports nothing from tools/',
    forbids: ({ from, to }) => from.area === 'harness' && isPlace(to) && to.area === 'tools',
  },
  {
    name: 'scenarios-by-the-door',
    allows:
      'a scenario imports harness/test.ts, vitest and the steps it shares with other scenarios, and nothing else',
    forbids: ({ from, to, target }) =>
      from.area === 'scenarios' &&
      (isPlace(to) ? target !== 'harness/test.ts' && to.area !== 'scenarios' : to.packageName !== 'vitest'),
  },
  {
    name: 'scenarios-are-not-imported',
    allows: 'nobody imports a scenario; the steps that scenarios share are imported by scenarios only',
    forbids: ({ from, to }) =>
      isPlace(to) && to.area === 'scenarios' && (to.isTest || from.area !== 'scenarios'),
  },
  {
    name: 'apps-stand-alone',
    allows: `an app imports its own files, apps/${sharedAppRoom} and packages`,
    forbids: ({ from, to }) =>
      from.area === 'apps' &&
      isPlace(to) &&
      !(to.area === 'apps' && [from.room, sharedAppRoom].includes(to.room)),
  },
  {
    name: 'apps-are-not-imported',
    allows: 'only apps import from apps/: the rest starts them as processes',
    forbids: ({ from, to }) => from.area !== 'apps' && isPlace(to) && to.area === 'apps',
  },
  {
    name: 'tests-are-not-imported',
    allows: 'only tests import tests, doubles and test data',
    forbids: ({ from, to }) => isPlace(to) && to.isTest && !from.isTest,
  },
  {
    name: 'kubernetes-client-in-kube',
    allows: 'only harness/kube imports @kubernetes/client-node',
    forbids: ({ from, to }) =>
      !isPlace(to) && to.packageName === '@kubernetes/client-node' && !isRoom(from, ['kube']),
  },
  {
    name: 'vitest-in-its-rooms',
    allows: `vitest is imported by tests, scenarios, the root's configuration files and harness/{${vitestRooms.join(', ')}}`,
    forbids: ({ from, to }) =>
      !isPlace(to) &&
      (to.packageName === 'vitest' || to.packageName.startsWith('@vitest/')) &&
      !(from.isTest || from.area === 'scenarios' || from.area === 'root' || isRoom(from, vitestRooms)),
  },
]

function mayImportRoom(from: Place, toRoom: string): boolean {
  if (from.room === toRoom) return true
  const [fromRow, toRow] = [rowOf(from.room), rowOf(toRoom)]
  if (toRow < fromRow) return true
  const isException = harnessExceptions.some(([a, b]) => a === from.room && b === toRoom)
  return toRow === fromRow && (from.isTest || isException)
}

function isPlace(to: ImportEdge['to']): to is Place {
  return 'area' in to
}

function isRoom(place: Place, rooms: readonly string[]): boolean {
  return place.area === 'harness' && rooms.includes(place.room)
}
