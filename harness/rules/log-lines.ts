import type { LogLines } from './log-test-format.ts'

/** The lines of a case, written out. */

export interface TestLine {
  readonly stream: Readonly<Record<string, string>>
  /** From the start of the case, in nanoseconds. */
  readonly atNs: bigint
  readonly text: string
}

/**
 * Every line of a case in the order of its file, which is the order in which they are sent. Lines of one time lie a
 * nanosecond apart, each before that time: Loki drops a line that has the stream, the time and the text of another.
 */
export function writeLines(entries: readonly LogLines[], namespace: string): TestLine[] {
  let before = 0n
  return entries.flatMap((entry) => {
    const stream = entry.stream ?? streamOf(namespace, entry.app ?? '')
    const step = entry.count === 1 ? 0 : entry.over / (entry.count - 1)
    return Array.from({ length: entry.count }, (_, index) => {
      const atMs = entry.at + index * step
      return {
        stream,
        atNs: BigInt(Math.round(atMs * 1_000_000)) - before++,
        text: textOf(entry, index + 1, atMs),
      }
    })
  })
}

/** The labels that the collector gives to the lines of an app's pod. */
const streamOf = (namespace: string, app: string) => ({ namespace, app, pod: `${app}-0`, container: app })

function textOf({ json, access, text }: LogLines, number: number, atMs: number): string {
  const numbered = (raw: string) => raw.replaceAll('{n}', String(number))
  const time = new Date(Date.UTC(2026, 0, 1) + atMs)
  if (json !== undefined) return numbered(JSON.stringify(requestFields(json, time, number)))
  if (access === undefined) return numbered(text ?? '')
  const { method, path, protocol, status, size, tail } = access
  const request = `"${method} ${path} ${protocol}" ${status} ${size} ${tail}`.trimEnd()
  return numbered(`10.42.0.7 - - [${clfTime(time)}] ${request}`)
}

/** The request line of our apps with the given fields instead of its own; one that is null is left out. */
function requestFields(
  given: Readonly<Record<string, unknown>>,
  time: Date,
  number: number,
): Record<string, unknown> {
  const id = number.toString(16).padStart(16, '0')
  const fields: Record<string, unknown> = {
    time: time.toISOString(),
    level: 'info',
    msg: 'request',
    method: 'GET',
    route: '/',
    path: given.route ?? '/',
    query: '',
    status: 200,
    duration_seconds: 0.004,
    request_id: `request-${number}`,
    trace_id: `${id}${id}`,
    span_id: id,
    ...given,
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}

/** `23/Nov/2026:10:00:00 +0000`, as access logs have it. */
function clfTime(time: Date): string {
  const [, day, month, year, clock] = /, (\d+) (\w+) (\d+) ([\d:]+)/.exec(time.toUTCString()) ?? []
  return `${day}/${month}/${year}:${clock} +0000`
}
