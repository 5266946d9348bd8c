import { formatForQuery, type QueryLanguage, type VariableValue, valueFormats } from './value-formats.ts'

/** The value that a variable has while a dashboard is run. */
export interface ChosenValue {
  readonly value: VariableValue
  /** What a reader sees: `All`, or the texts of the values. */
  readonly text: string
  /** Written as it is, whatever the format: the value of All that a dashboard brings along. */
  readonly isVerbatim?: boolean
  /** Whether it can have several values, and is a part of a pattern. */
  readonly isPattern: boolean
}

export type ChosenValues = Readonly<Record<string, ChosenValue>>

/** One value that is always one, as a built-in variable has it. */
export const single = (value: string | number): ChosenValue => ({
  value: String(value),
  text: String(value),
  isPattern: false,
})

/** The three notations of a variable: `$name`, `[[name:format]]`, `${name.field:format}`. */
const reference =
  /\$(?<plain>\w+)|\[\[(?<old>\w+?)(?::(?<oldFormat>\w+))?\]\]|\$\{(?<braced>\w+)(?:\.(?<field>[^:^}]+))?(?::(?<format>[^}]+))?\}/g

/** A variable's place in a text. */
export interface VariableReference {
  /** As written. */
  readonly written: string
  readonly name: string
  readonly field?: string
  readonly format?: string
}

/** Every variable that a text refers to; the groups of a replacement (`$1`) are none. */
export function variableReferences(text: string): VariableReference[] {
  return [...text.matchAll(reference)].flatMap((match) => {
    const { plain, old, oldFormat, braced, field, format } = match.groups ?? {}
    const name = plain ?? old ?? braced ?? ''
    if (/^\d+$/.test(name)) return []
    const named = format ?? oldFormat
    return [
      {
        written: match[0],
        name,
        ...(field === undefined ? {} : { field }),
        ...(named === undefined ? {} : { format: named }),
      },
    ]
  })
}

/**
 * Puts the values of variables into a text. A variable without a value stays as it is written, as in Grafana.
 * @param language of the query that the text is; without one a value is written as Grafana writes it in titles
 */
export function interpolate(text: string, values: ChosenValues, language?: QueryLanguage): string {
  return text.replaceAll(reference, (written, ...rest) => {
    const { plain, old, oldFormat, braced, field, format } = rest.at(-1) as Record<string, string | undefined>
    const name = plain ?? old ?? braced ?? ''
    const chosen = values[field === undefined ? name : `${name}.${field}`]
    if (chosen === undefined) return written
    return write(chosen, name, format ?? oldFormat, language)
  })
}

function write(
  chosen: ChosenValue,
  name: string,
  format: string | undefined,
  language: QueryLanguage | undefined,
): string {
  const [formatName = '', ...options] = format?.split(':') ?? []
  const context = { name, arguments: options, text: chosen.text }
  if (chosen.isVerbatim === true) {
    if (formatName === 'text') return chosen.text
    if (formatName === 'queryparam') return `var-${name}=${chosen.text}`
    if (formatName === 'percentencode') return valueFormats.percentencode?.(chosen.value, context) ?? ''
    return String(chosen.value)
  }
  // A format that Grafana does not know is taken for its default one.
  if (format !== undefined)
    return (valueFormats[formatName] ?? valueFormats.glob)?.(chosen.value, context) ?? ''
  if (language !== undefined) return formatForQuery(chosen.value, { language, isPattern: chosen.isPattern })
  return valueFormats.glob?.(chosen.value, context) ?? ''
}
