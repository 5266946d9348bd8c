/** One field of the body that sets a switch: what it must be, in words and as a test. */
export interface FieldRule {
  readonly field: string
  /** Why the field cannot be left out; undefined when it can. */
  readonly required?: (isGiven: (field: string) => boolean) => string | undefined
  readonly code: 'not_served' | 'not_allowed' | 'out_of_range' | 'not_a_name'
  /** Continues "<field> …": `must be an integer from 1 to 600000`. */
  readonly detail: string
  /** `source` is how a number was written: `6.0` and `1e2` are not integers. */
  readonly accepts: (value: unknown, source: string) => boolean
  readonly conflictsWith?: string
}

/** At most one a field: its `detail` continues "<field> …". `field` is null for the body as a whole. */
export interface FieldError {
  readonly field: string | null
  readonly code: FieldRule['code'] | 'missing' | 'conflict' | 'unknown' | 'not_json'
  readonly detail: string
}

export interface ReadFields {
  /** The fields that were given and are right; `null` counts as not given. */
  readonly given: Readonly<Record<string, unknown>>
  /** In the order of the rules, then the unknown fields, sorted. */
  readonly errors: readonly FieldError[]
}

/** Reads the text of a JSON object by a table of rules; undefined when it is none. */
export function readFields(text: string, rules: readonly FieldRule[], noun: string): ReadFields | undefined {
  const sent = parseObject(text)
  if (sent === undefined) return undefined
  const isGiven = (field: string) => (sent.values[field] ?? null) !== null

  const errors: FieldError[] = []
  const given: Record<string, unknown> = {}
  for (const rule of rules) {
    const { field } = rule
    const error = errorOf(rule, sent, isGiven)
    if (error !== undefined) errors.push(error)
    else if (isGiven(field)) given[field] = sent.values[field]
  }
  const known = new Set(rules.map(({ field }) => field))
  const unknown = Object.keys(sent.values).filter((field) => !known.has(field) && isGiven(field))
  for (const field of unknown.sort())
    errors.push({ field, code: 'unknown', detail: `is not a field of a ${noun}` })
  return { given, errors }
}

/** A whole number within bounds, written as one. */
export function integerField(
  field: string,
  from: number,
  to: number,
): Pick<FieldRule, 'field' | 'code' | 'detail' | 'accepts'> {
  return {
    field,
    code: 'out_of_range',
    detail: `must be an integer from ${from} to ${to}`,
    accepts: (value, source) => /^\d+$/.test(source) && Number(value) >= from && Number(value) <= to,
  }
}

/** The requirement of a field that can never be left out. */
export const always = () => 'is required'

interface SentObject {
  readonly values: Readonly<Record<string, unknown>>
  readonly sources: ReadonlyMap<string, string>
}

function errorOf(
  rule: FieldRule,
  sent: SentObject,
  isGiven: (field: string) => boolean,
): FieldError | undefined {
  const { field, code, detail } = rule
  if (!isGiven(field)) {
    const required = rule.required?.(isGiven)
    return required === undefined ? undefined : { field, code: 'missing', detail: required }
  }
  if (!rule.accepts(sent.values[field], sent.sources.get(field) ?? '')) return { field, code, detail }
  const other = rule.conflictsWith
  if (other === undefined || !isGiven(other)) return undefined
  return { field, code: 'conflict', detail: `must not be given together with ${other}` }
}

function parseObject(text: string): SentObject | undefined {
  const numbers = new Map<object, Map<string, string>>()
  function keepSource(this: object, key: string, value: unknown, context?: { source?: string }): unknown {
    if (typeof value === 'number' && context?.source !== undefined) {
      numbers.set(this, (numbers.get(this) ?? new Map()).set(key, context.source))
    }
    return value
  }
  try {
    const values: unknown = JSON.parse(text, keepSource)
    if (typeof values !== 'object' || values === null || Array.isArray(values)) return undefined
    return { values: { ...values }, sources: numbers.get(values) ?? new Map() }
  } catch {
    return undefined
  }
}
