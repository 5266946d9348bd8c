import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { isNode, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { writePath } from '../config/load-config.ts'
import { describeThrown, SignalproofError } from '../core/signalproof-error.ts'

/** A YAML file that still knows where each of its values stands, so that whatever is said about one names its line. */
export interface PlacedYaml {
  /** Absolute. */
  readonly file: string
  readonly value: unknown
  /** `alerts/tests/logs/log-errors.yaml:12`, of the value at a path or of the nearest one above it that is there. */
  readonly lineOf: (path: readonly PropertyKey[]) => string
  /** The file's text with another value at a path; every other value stays as it was written. */
  readonly textWith: (path: readonly PropertyKey[], value: unknown) => string
}

/** Reads one YAML file. @throws SignalproofError CONFIG_UNREADABLE with the file, line and column */
export function readPlacedYaml(file: string): PlacedYaml {
  const shown = relative(process.cwd(), file) || file
  const lineCounter = new LineCounter()
  const document = parseDocument(readText(file, shown), { lineCounter, prettyErrors: false, merge: true })
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
  return {
    file,
    value: document.toJS(),
    lineOf: (path) => {
      for (let length = path.length; length >= 0; length -= 1) {
        const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
        if (isNode(node) && node.range) return `${shown}:${lineCounter.linePos(node.range[0]).line}`
      }
      return `${shown}:1`
    },
    textWith: (path, value) => {
      const copy = document.clone()
      copy.setIn(path, value)
      return copy.toString()
    },
  }
}

/** The value as the schema has it. @throws SignalproofError CONFIG_INVALID with the file, line and path */
export function checkPlacedYaml<T>(yaml: PlacedYaml, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(yaml.value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue?.path ?? []
  throw new SignalproofError('CONFIG_INVALID', {
    expected: 'a file that follows its format (alerts/tests/README.md)',
    seen: issue?.message ?? 'a value of another shape',
    where: `${yaml.lineOf(path)} ${writePath(path)}`.trimEnd(),
    remedy: 'correct the value at that line',
  })
}

function readText(file: string, shown: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new SignalproofError('CONFIG_UNREADABLE', {
      expected: 'a readable file',
      seen: describeThrown(cause),
      where: shown,
      remedy: 'check the path, and `sources` in signalproof.config.ts',
      cause,
    })
  }
}
