/**
 * Holds every import of the repository against the table in import-rules.ts and looks for cycles.
 *
 * It stands here instead of dependency-cruiser because the types count: a room that imports only the types of a room
 * above it is coupled to it all the same. TypeScript 7 has no JavaScript API for dependency-cruiser to parse with, and
 * its other parser stops at `using` declarations and does not see `import('…')` types.
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, posix } from 'node:path'
import { type FoundImport, importsOf } from './import-list.ts'
import { type ImportEdge, importRules, type Place, placeOf } from './import-rules.ts'

const sourceFiles = [
  '*.config.ts',
  'harness/**/*.ts',
  'scenarios/**/*.ts',
  'apps/*/src/**/*.ts',
  'apps/*/test/**/*.ts',
  'tools/**/*.ts',
]

/** What is wrong with one import: the rule's name, both ends and the sentence that was broken. */
export interface ImportViolation {
  readonly rule: string
  readonly from: string
  readonly line: number
  readonly to: string
  readonly message: string
}

export interface ImportReport {
  readonly files: number
  readonly imports: number
  readonly violations: readonly ImportViolation[]
}

/** Reads the repository at `root`. Throws when it finds no file to read: a check that saw nothing has not passed. */
export function checkImportDirection(root: string): ImportReport {
  const files = sourceFiles
    .flatMap((pattern) => globSync(pattern, { cwd: root, exclude: ['**/node_modules/**', '**/testdata/**'] }))
    .sort()
  if (files.length === 0) throw new Error(`no TypeScript file below ${root}, so no import was judged`)

  const violations: ImportViolation[] = []
  const graph = new Map<string, { to: string; line: number }[]>()
  let imports = 0
  for (const file of files) {
    const from = placeOf(file)
    if (from === undefined) {
      violations.push(noPlace(file))
      continue
    }
    const edges: { to: string; line: number }[] = []
    for (const found of importsOf(file, readFileSync(join(root, file), 'utf8'))) {
      imports += 1
      const target = targetOf(file, found.specifier)
      if (isFile(found.specifier)) edges.push({ to: target, line: found.line })
      violations.push(...judge(root, file, from, found, target))
    }
    graph.set(file, edges)
  }
  return { files: files.length, imports, violations: [...violations, ...cyclesIn(graph)] }
}

function judge(
  root: string,
  file: string,
  from: Place,
  found: FoundImport,
  target: string,
): ImportViolation[] {
  const broken = (rule: string, message: string) => ({
    rule,
    from: file,
    line: found.line,
    to: target,
    message,
  })
  if (!isFile(found.specifier)) {
    if (isBuiltin(found.specifier) && from.area !== 'scenarios') return []
    return rulesBroken({ from, to: { packageName: packageNameOf(found.specifier) }, target }, broken)
  }
  if (target.startsWith('..'))
    return [broken('inside-the-repository', 'an import stays inside the repository')]
  if (!existsSync(join(root, target))) {
    return [broken('target-exists', 'a relative import names a file that is there, with its extension')]
  }
  const to = placeOf(target)
  // A file without a place is reported when it is read itself.
  return to === undefined ? [] : rulesBroken({ from, to, target }, broken)
}

function rulesBroken(
  edge: ImportEdge,
  broken: (rule: string, message: string) => ImportViolation,
): ImportViolation[] {
  return importRules.filter((rule) => rule.forbids(edge)).map((rule) => broken(rule.name, rule.allows))
}

function noPlace(file: string): ImportViolation {
  const message = 'every folder of harness/ has a place in the table of tools/import-rules.ts'
  return { rule: 'known-place', from: file, line: 1, to: file, message }
}

function isFile(specifier: string): boolean {
  return specifier.startsWith('.') || specifier.startsWith('/')
}

function targetOf(file: string, specifier: string): string {
  return isFile(specifier) ? posix.join(dirname(file), specifier) : specifier
}

function packageNameOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** Each cycle once, at the import that closes it. */
function cyclesIn(graph: ReadonlyMap<string, readonly { to: string; line: number }[]>): ImportViolation[] {
  const cycles: ImportViolation[] = []
  const done = new Set<string>()
  const path: string[] = []
  const visit = (file: string) => {
    path.push(file)
    for (const { to, line } of graph.get(file) ?? []) {
      const at = path.indexOf(to)
      if (at !== -1) {
        const message = `no cycles: ${[...path.slice(at), to].join(' → ')}`
        cycles.push({ rule: 'no-cycles', from: file, line, to, message })
      } else if (!done.has(to)) visit(to)
    }
    path.pop()
    done.add(file)
  }
  for (const file of graph.keys()) if (!done.has(file)) visit(file)
  return cycles
}

/** One violation as a line: the rule, both files, and what is allowed. */
export function writeViolation({ rule, from, line, to, message }: ImportViolation): string {
  return `${rule}: ${from}:${line} imports ${to}\n  expected: ${message}`
}
