import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseAllDocuments,
  parseDocument,
} from 'yaml'
import type { z } from 'zod'
import { describeThrown, SignalproofError } from '../core/signalproof-error.ts'
import { writePath } from './load-config.ts'

/** A YAML file that still knows where each of its values stands, so that whatever is said about one names its line. */
export interface PlacedYaml {
  /** Absolute. */
  readonly file: string
  readonly value: unknown
  /** `alerts/tests/logs/log-errors.yaml:12`, of the value at a path or of the nearest one above it that is there. */
  readonly lineOf: (path: readonly PropertyKey[]) => string
  /** As lineOf, of the key that the value at a path has in its map. */
  readonly lineOfKey: (path: readonly PropertyKey[]) => string
  /** The file's text with another value at a key of its top; every other character stays, on the same line. */
  readonly textWith: (key: string, value: unknown) => string
}

/** Reads one YAML file. @throws SignalproofError CONFIG_UNREADABLE with the file, line and column */
export function readPlacedYaml(file: string): PlacedYaml {
  const text = readText(file)
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false, merge: true })
  return placed(document, { file, text, lineCounter })
}

/** Reads every document of a YAML file; none of an empty one. @throws SignalproofError CONFIG_UNREADABLE with the file, line and column */
export function readPlacedDocuments(file: string): PlacedYaml[] {
  const text = readText(file)
  const lineCounter = new LineCounter()
  const documents: Document[] = [
    ...parseAllDocuments(text, { lineCounter, prettyErrors: false, merge: true }),
  ]
  return documents
    .filter(({ contents, errors }) => contents !== null || errors.length > 0)
    .map((document) => placed(document, { file, text, lineCounter }))
}

const shownPath = (file: string): string => relative(process.cwd(), file) || file

function placed(
  document: Document,
  { file, text, lineCounter }: { file: string; text: string; lineCounter: LineCounter },
): PlacedYaml {
  const shown = shownPath(file)
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0])
    throw new SignalproofError('CONFIG_UNREADABLE', {
      expected: 'valid YAML',
      seen: error.message,
      where: `${shown}:${line}:${col}`,
      remedy: 'correct the file at that line',
    })
  }
  const nodeAt = (path: readonly PropertyKey[]) =>
    path.length === 0 ? document.contents : document.getIn(path, true)
  const lineOf = (path: readonly PropertyKey[]) => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = nodeAt(path.slice(0, length))
      if (isNode(node) && node.range) return `${shown}:${lineCounter.linePos(node.range[0]).line}`
    }
    return `${shown}:1`
  }
  return {
    file,
    value: document.toJS(),
    lineOf,
    lineOfKey: (path) => {
      const key = pairOf(nodeAt(path.slice(0, -1)), path.at(-1))?.key
      return isScalar(key) && key.range ? `${shown}:${lineCounter.linePos(key.range[0]).line}` : lineOf(path)
    },
    textWith: (key, value) => {
      const [from, to, anchor] = rangeOf(document, key)
      const lineEnds = text.slice(from, to).replaceAll(/[^\n]+/g, '')
      return `${text.slice(0, from)}: ${anchor}${JSON.stringify(value)}${lineEnds}${text.slice(to)}`
    },
  }
}

const pairOf = (map: unknown, key: unknown) =>
  isMap(map) ? map.items.find((each) => isScalar(each.key) && each.key.value === key) : undefined

/** From behind a key of the top to the end of its value, and the value's anchor. */
function rangeOf(document: Document, key: string): [from: number, to: number, anchor: string] {
  const pair = pairOf(document.contents, key)
  const [name, value] = [pair?.key, pair?.value]
  if (!isScalar(name) || !name.range || !isNode(value) || !value.range) throw new Error(`there is no ${key}`)
  const anchor = isCollection(value) && value.anchor !== undefined ? `&${value.anchor} ` : ''
  return [name.range[1], value.range[1], anchor]
}

/**
 * The value as the schema has it.
 * @param format where the format of such files is described
 * @throws SignalproofError CONFIG_INVALID with the file, line and path
 */
export function checkPlacedYaml<T>(
  yaml: PlacedYaml,
  schema: z.ZodType<T>,
  format = 'alerts/tests/README.md',
): T {
  const parsed = schema.safeParse(yaml.value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue?.path ?? []
  const beside = keysBeside(yaml.value, path, parsed.error.issues)
  const line =
    beside?.stray === undefined ? yaml.lineOf(path) : yaml.lineOfKey([...path.slice(0, -1), beside.stray])
  throw new SignalproofError('CONFIG_INVALID', {
    expected: `a file that follows its format (${format})`,
    seen: `${issue?.message ?? 'a value of another shape'}${beside?.words ?? ''}`,
    where: `${line} ${writePath(path)}`.trimEnd(),
    remedy:
      beside === undefined ? 'correct the value at that line' : `write \`${String(path.at(-1))}\` there`,
  })
}

/** Where a key is missing, what stands there: it may be the key, misspelt. Undefined where none is missing. */
function keysBeside(
  value: unknown,
  path: readonly PropertyKey[],
  issues: readonly z.core.$ZodIssue[],
): { words: string; stray: string | undefined } | undefined {
  if (path.length === 0) return undefined
  const parentPath = path.slice(0, -1)
  const parent = parentPath.reduce<unknown>(
    (here, step) => (here as Record<PropertyKey, unknown>)?.[step],
    value,
  )
  const last = path.at(-1) as PropertyKey
  if (typeof parent !== 'object' || parent === null || Array.isArray(parent) || last in parent)
    return undefined
  const strays = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && writePath(issue.path) === writePath(parentPath) ? issue.keys : [],
  )
  const quoted = (keys: readonly string[]) => keys.map((key) => `\`${key}\``).join(', ')
  const words =
    strays.length > 0
      ? `; no key of the format: ${quoted(strays)}`
      : `; the keys there are ${quoted(Object.keys(parent)) || 'none'}`
  return { words, stray: strays[0] }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new SignalproofError('CONFIG_UNREADABLE', {
      expected: 'a readable file',
      seen: describeThrown(cause),
      where: shownPath(file),
      remedy: 'check the path, and `sources` in signalproof.config.ts',
      cause,
    })
  }
}
