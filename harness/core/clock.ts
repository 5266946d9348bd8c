/** The wall clock in epoch milliseconds with fractions; every moment of a timeline is given by it. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now()
}

/** Parses an RFC 3339 time of any precision to epoch milliseconds with fractions; Date.parse cuts at milliseconds. */
export function parseRfc3339Ms(text: string): number {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.exec(text)
  if (match === null) return Number.NaN
  const [, seconds, fraction = '', zone] = match
  return Date.parse(`${seconds}${zone}`) + Number(`0${fraction}`) * 1000
}
