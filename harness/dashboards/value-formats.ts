/**
 * How the value of a variable is written into a text: Grafana's formats, as its documentation names them
 * (docs/sources/dashboards/variables/variable-syntax) and its registry of formats has them.
 */

export type VariableValue = string | readonly string[]

interface FormatContext {
  readonly name: string
  readonly arguments: readonly string[]
  /** What a reader sees for the value. */
  readonly text: string
}

type Format = (value: VariableValue, context: FormatContext) => string

const isList = (value: VariableValue): value is readonly string[] => typeof value !== 'string'
const values = (value: VariableValue): readonly string[] => (isList(value) ? value : [value])

const joined =
  (separator: string): Format =>
  (value) =>
    values(value).join(separator)

const quoted =
  (quote: string, withEscapes: (text: string) => string): Format =>
  (value) =>
    values(value)
      .map((one) => `${quote}${withEscapes(one)}${quote}`)
      .join(',')

const braced = (value: VariableValue): string => (isList(value) ? `{${value.join(',')}}` : value)

const hexOfSpecials = (text: string): string =>
  text.replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
const percentEncode = (text: string): string => hexOfSpecials(encodeURIComponent(text))

const escapeRegex = (text: string): string => text.replaceAll(/[\\^$*+?.()|[\]{}/]/g, '\\$&')
const escapeLucene = (text: string): string =>
  text !== '' && !Number.isNaN(Number(text))
    ? text
    : text.replaceAll(/[!*+\-=<>\s&|()[\]{}^~?:\\/"]/g, '\\$&')
const htmlEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '/': '&#47;',
}

function asRegex(value: VariableValue): string {
  const escaped = values(value).map(escapeRegex)
  return isList(value) && escaped.length !== 1 ? `(${escaped.join('|')})` : (escaped[0] ?? '')
}

function asDate(value: VariableValue, { arguments: [kind = 'iso', ...more] }: FormatContext): string {
  const ms = Number.parseInt(String(value), 10)
  if (Number.isNaN(ms)) return 'NaN'
  if (kind === 'ms') return String(ms)
  if (kind === 'seconds') return String(Math.round(ms / 1_000))
  const iso = new Date(ms).toISOString()
  return kind === 'iso' ? iso : writeDate(iso, [kind, ...more].join(':'))
}

/** The plain fields of a date pattern, in UTC. */
function writeDate(iso: string, pattern: string): string {
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', ms = ''] =
    /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)\.(\d+)/.exec(iso) ?? []
  const fields: Record<string, string> = {
    YYYY: year,
    YY: year.slice(-2),
    MM: month,
    DD: day,
    HH: hour,
    mm: minute,
    ss: second,
    SSS: ms,
  }
  return pattern.replaceAll(/YYYY|YY|MM|DD|HH|mm|ss|SSS/g, (field) => fields[field] ?? field)
}

export const valueFormats: Readonly<Record<string, Format>> = {
  csv: joined(','),
  join: (value, { arguments: [separator = ','] }) => values(value).join(separator),
  pipe: joined('|'),
  raw: joined(','),
  glob: (value) => (isList(value) && value.length > 1 ? braced(value) : values(value).join(',')),
  regex: asRegex,
  json: (value) => (isList(value) ? JSON.stringify(value) : value),
  singlequote: quoted("'", (text) => text.replaceAll("'", "\\'")),
  doublequote: quoted('"', (text) => text.replaceAll('"', '\\"')),
  sqlstring: quoted("'", (text) => text.replaceAll("'", "''").replaceAll('"', '\\"')),
  lucene: (value) => {
    if (!isList(value)) return escapeLucene(value)
    if (value.length === 0) return '__empty__'
    return `(${value.map((one) => `"${escapeLucene(one)}"`).join(' OR ')})`
  },
  distributed: (value, { name }) =>
    values(value)
      .map((one, index) => (index === 0 ? one : `${name}=${one}`))
      .join(','),
  html: (value) =>
    values(value)
      .join(', ')
      .replaceAll(/[&<>"'/]/g, (sign) => htmlEntities[sign] ?? sign),
  percentencode: (value) => percentEncode(braced(value)),
  uriencode: (value) => hexOfSpecials(encodeURI(braced(value))),
  queryparam: (value, { name }) =>
    values(value)
      .map((one) => `var-${name}=${percentEncode(one)}`)
      .join('&'),
  text: (_value, { text }) => text,
  date: asDate,
}

/** Backslashes are doubled once for the string literal, and once more in a pattern, which is a string literal, too. */
const escapeLabelPattern = (text: string): string =>
  text.replaceAll('\\', '\\\\\\\\').replaceAll(/[$^*{}[\]+?.()|]/g, '\\\\$&')

/** What the datasource of a query does with a value that no format is named for. */
export type QueryLanguage = 'promql' | 'logql' | 'traceql'

/** A variable of one value stands for itself; one that can have several is a part of a pattern. */
export function formatForQuery(
  value: VariableValue,
  { language, isPattern }: { language: QueryLanguage; isPattern: boolean },
): string {
  if (language === 'traceql') return isList(value) && value.length !== 1 ? value.join('|') : String(value)
  if (!isPattern) {
    if (isList(value)) return value.join(',')
    return language === 'promql' ? value.replaceAll('\\', '\\\\').replaceAll("'", "\\\\'") : value
  }
  const escaped = values(value).map(escapeLabelPattern)
  if (!isList(value) || escaped.length === 1) return escaped[0] ?? ''
  return language === 'promql' ? `(${escaped.join('|')})` : escaped.join('|')
}
