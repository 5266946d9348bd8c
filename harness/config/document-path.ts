import { SignalproofError } from '../core/signalproof-error.ts'

/** Any parsed YAML or JSON value. */
export type Document = unknown
export type DocumentMap = Record<string, unknown>

export const isMap = (value: unknown): value is DocumentMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Keys by which a list's entries are called in paths, so that `rules.LogsErrorBurst.for` says what it means. */
const entryNames = ['name', 'alert', 'record', 'job_name', 'receiver', 'title', 'refId'] as const

/**
 * Sets one value at a dotted path inside a parsed document. Lists are walked by index or by an entry's name; a key that
 * has dots itself is one step where the document has it. The last step may be new (a rule without `for` can be given one), every step before it has to be there.
 * @throws SignalproofError SET_PATH_UNKNOWN naming what stands at the place where the path leaves the document
 */
export function setAtPath(document: Document, path: string, value: unknown, what: string): void {
  const steps = stepsOf(document, path)
  const last = steps.pop() ?? ''
  const parent = steps.reduce<Document>((here, step, depth) => {
    const next = stepInto(here, step)
    if (next === undefined) throw unknownStep(what, [...steps.slice(0, depth)], step, here)
    return next
  }, document)
  if (Array.isArray(parent)) {
    const index = indexOf(parent, last)
    if (index === undefined) throw unknownStep(what, steps, last, parent)
    parent[index] = value
  } else if (isMap(parent) && last !== '') parent[last] = value
  else throw unknownStep(what, steps, last, parent)
}

/** The value at a dotted path, or undefined where the path leaves the document. */
export function getAtPath(document: Document, path: string): unknown {
  return stepsOf(document, path).reduce<unknown>((here, step) => stepInto(here, step), document)
}

/** A path cut at its dots, but for those inside a key of the document (`rules.alert.resend-delay`) or a name of a list's entry. */
function stepsOf(document: Document, path: string): string[] {
  const parts = path.split('.')
  const steps: string[] = []
  for (let here = document; parts.length > 0; ) {
    const names: readonly unknown[] = Array.isArray(here)
      ? here.flatMap((entry) => (isMap(entry) ? entryNames.map((key) => entry[key]) : []))
      : Object.keys(isMap(here) ? here : {})
    const key = parts.findLastIndex((_, index) => names.includes(parts.slice(0, index + 1).join('.')))
    const step = parts.splice(0, Math.max(key, 0) + 1).join('.')
    steps.push(step)
    here = stepInto(here, step)
  }
  return steps
}

function stepInto(here: Document, step: string): unknown {
  if (Array.isArray(here)) {
    const index = indexOf(here, step)
    return index === undefined ? undefined : here[index]
  }
  return isMap(here) && Object.hasOwn(here, step) ? here[step] : undefined
}

function indexOf(list: readonly unknown[], step: string): number | undefined {
  if (/^\d+$/.test(step)) return Number(step) < list.length ? Number(step) : undefined
  const index = list.findIndex((entry) => isMap(entry) && entryNames.some((key) => entry[key] === step))
  return index === -1 ? undefined : index
}

function unknownStep(
  what: string,
  before: readonly string[],
  step: string,
  here: Document,
): SignalproofError {
  const choices = Array.isArray(here)
    ? here.map((entry, index) =>
        isMap(entry) ? (entryNames.map((key) => entry[key]).find((n) => n !== undefined) ?? index) : index,
      )
    : isMap(here)
      ? Object.keys(here)
      : []
  return new SignalproofError('SET_PATH_UNKNOWN', {
    expected: `\`${step}\` ${before.length === 0 ? `in ${what}` : `under \`${before.join('.')}\` of ${what}`}`,
    seen:
      choices.length === 0
        ? `nothing to step into (${JSON.stringify(here)})`
        : `only ${choices.map((c) => `\`${String(c)}\``).join(', ')}`,
    remedy: "correct the path; lists are walked by index or by the entry's name",
  })
}

/** A copy in which every value under one of the named keys, at any depth, was passed through `change`. */
export function mapValuesOfKeys(
  document: Document,
  change: (key: string, value: unknown, path: string) => unknown,
  path = '',
): Document {
  if (Array.isArray(document))
    return document.map((entry, index) => mapValuesOfKeys(entry, change, `${path}[${index}]`))
  if (!isMap(document)) return document
  return Object.fromEntries(
    Object.entries(document).map(([key, value]) => {
      const place = path === '' ? key : `${path}.${key}`
      return [key, mapValuesOfKeys(change(key, value, place), change, place)]
    }),
  )
}

/** A copy in which every string, at any depth, was passed through `change`. */
export function mapStrings(document: Document, change: (text: string) => string): Document {
  if (typeof document === 'string') return change(document)
  if (Array.isArray(document)) return document.map((entry) => mapStrings(entry, change))
  if (!isMap(document)) return document
  return Object.fromEntries(Object.entries(document).map(([key, value]) => [key, mapStrings(value, change)]))
}
