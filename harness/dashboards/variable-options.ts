import type { DashboardVariable, VariableOption } from './dashboard-model.ts'
import { formatInterval, panelIntervalMs, parseIntervalMs } from './grafana-interval.ts'

/** What comes of the values that a datasource or a list has, before one of them is chosen. */

const plain = (value: string): VariableOption => ({ text: value, value })

/** `a, b : 2, c\,d`: a list of values, or of texts and their values. */
export function customOptions(query: string): VariableOption[] {
  return query
    .split(/(?<!\\),/)
    .map((part) => part.trim().replaceAll('\\,', ','))
    .filter((part) => part !== '')
    .map((part) => {
      const [, text, value] = /^(.+?)\s:\s(.+)$/.exec(part) ?? []
      return text === undefined || value === undefined
        ? plain(part)
        : { text: text.trim(), value: value.trim() }
    })
}

/** `1m,10m,"1 h"`: Grafana adds `auto` in front, which the time range decides. */
export function intervalOptions(
  { query, auto }: Pick<DashboardVariable, 'query' | 'auto'>,
  rangeMs: number,
): VariableOption[] {
  const listed = [...query.matchAll(/"[^"]*"|'[^']*'|[^,]+/g)].map(([item]) =>
    plain(item.trim().replaceAll(/^["']|["']$/g, '')),
  )
  if (auto === undefined) return listed
  const ms = panelIntervalMs(rangeMs, auto.count, parseIntervalMs(auto.min) ?? 1)
  return [{ text: 'auto', value: formatInterval(ms) }, ...listed]
}

/**
 * Keeps what a variable's regular expression matches: by its groups `text` and `value` where it names them, by its first
 * group where it has one, and whole otherwise. Undefined for an expression that JavaScript does not read.
 */
export function keepMatching(
  options: readonly VariableOption[],
  regex: string,
): VariableOption[] | undefined {
  if (regex === '') return [...options]
  const pattern = toPattern(regex)
  if (pattern === undefined) return undefined
  return options.flatMap((option) =>
    matchesOf(option.value, pattern).map((match) => {
      const { text, value } = match.groups ?? {}
      if (text !== undefined || value !== undefined) {
        return { text: text ?? value ?? '', value: value ?? text ?? '' }
      }
      return match.length > 1 && match[1] !== undefined ? plain(match[1]) : option
    }),
  )
}

/** With the flag g every match of a value is one; a value that has none is dropped. */
function matchesOf(value: string, pattern: RegExp): RegExpMatchArray[] {
  if (pattern.global) return [...value.matchAll(pattern)]
  const match = pattern.exec(value)
  return match === null ? [] : [match]
}

/** `/pattern/flags`, or a pattern alone, which then has to match the whole value. */
function toPattern(regex: string): RegExp | undefined {
  const [, pattern, flags] = /^\/(.*)\/([a-z]*)$/s.exec(regex) ?? []
  try {
    return pattern === undefined ? new RegExp(`^${regex}$`) : new RegExp(pattern, flags)
  } catch {
    return undefined
  }
}

const firstNumber = (text: string): number =>
  Number(/\d+(?:\.\d+)?/.exec(text)?.[0] ?? Number.NEGATIVE_INFINITY)
const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Grafana numbers its orders in pairs, rising and falling. */
const orders: readonly ((a: string, b: string) => number)[] = [
  byCode,
  (a, b) => firstNumber(a) - firstNumber(b),
  (a, b) => byCode(a.toLowerCase(), b.toLowerCase()),
  natural.compare,
]

export function sorted(options: readonly VariableOption[], sort: number): VariableOption[] {
  const order = orders[Math.ceil(sort / 2) - 1]
  if (order === undefined) return [...options]
  const rising = [...options].sort((a, b) => order(a.text, b.text))
  return sort % 2 === 0 ? rising.reverse() : rising
}

export const withoutRepeats = (options: readonly VariableOption[]): VariableOption[] => [
  ...new Map(options.map((option) => [option.value, option])).values(),
]
