/**
 * A query with something parseable where Grafana puts values: durations where windows stand, words elsewhere. Positions
 * move, so findings quote the query as it is written.
 */

/** Durations that no query is written with, so that each macro is known again in the parsed query. */
export const macroDurations = {
  __rate_interval: '100001s',
  __auto: '100002s',
  __range: '100003s',
  __interval: '100004s',
} as const
export type DurationMacro = keyof typeof macroDurations

const macro = /\$(?:\{(\w+)(?::\w+)?\}|(\w+))/g

/** The value of a variable, as a word that a regular expression and a label take. */
const anyValue = 'value'

export function maskQuery(query: string): string {
  return query.replaceAll(macro, (text, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? ''
    // The groups of label_replace: `$1`.
    if (/^\d+$/.test(name)) return text
    return name in macroDurations ? macroDurations[name as DurationMacro] : anyValue
  })
}

/** The names of the variables that a text has, macros and groups of regular expressions aside. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(/\$(?:\{(\w+)(?:\.[\w.]+)?(?::\w+)?\}|(\w+))/g)]
    .map(([, braced, bare]) => braced ?? bare ?? '')
    .filter((name) => !name.startsWith('__') && !/^\d+$/.test(name))
}

/** The macro that a duration of a masked query stands for. */
export const macroOf = (duration: string): DurationMacro | undefined =>
  (Object.keys(macroDurations) as DurationMacro[]).find((name) => macroDurations[name] === duration)
