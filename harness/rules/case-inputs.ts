import type { LogLines } from './log-test-format.ts'

/**
 * What a case feeds its rule with, comparable with what another does: whether a silent case is the firing one with
 * less of the same, or has nothing to do with it.
 */

/** By what it is (a series; or a stream and what its lines say), how much of it and when. */
export type Inputs = ReadonlyMap<string, { readonly count: number; readonly values: string }>

/** Lines of one stream that say the same are one input, whatever entries of the file they stand in. */
export function inputsOfLines(logs: readonly LogLines[]): Inputs {
  const kinds = Map.groupBy(logs, ({ app, stream, json, access, text }) =>
    JSON.stringify(sorted({ app, stream, json, access, text })),
  )
  return new Map(
    [...kinds].map(([kind, own]) => [
      kind,
      {
        count: own.reduce((sum, { count }) => sum + count, 0),
        values: own
          .map(({ at, count, over }) => `${at}+${over}/${count}`)
          .sort()
          .join(),
      },
    ]),
  )
}

export function inputsOfSeries(
  series: readonly { readonly series: string; readonly values: string }[],
  interval: string,
): Inputs {
  const own = Map.groupBy(series, (each) => each.series.replaceAll(/\s+(?=(?:[^"]*"[^"]*")*[^"]*$)/g, ''))
  return new Map(
    [...own].map(([name, same]) => [
      name,
      { count: same.length, values: `${interval}: ${same.map(({ values }) => values.trim()).join()}` },
    ]),
  )
}

/** The same inputs, none of them more often, and not the very same. Without any there is nothing to compare. */
export function isLess(less: Inputs, more: Inputs): boolean {
  if (less.size === 0 || less.size !== more.size) return false
  const pairs = [...less].map(([kind, own]) => [own, more.get(kind)] as const)
  return (
    pairs.every(([own, other]) => other !== undefined && own.count <= other.count) &&
    pairs.some(([own, other]) => own.values !== other?.values)
  )
}

/** With the keys of every map in one order: the order in which a file has them says nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, own]) => [key, sorted(own)]),
  )
}
