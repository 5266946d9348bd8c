import { z } from 'zod'

/** What k6 says while it runs, one JSON object a line (`--log-format json`), on standard error. */
const logLine = z.object({ level: z.string(), msg: z.string(), source: z.string().optional() })

/** Why one exception of a script can be read twice and means one thing: k6 goes on with the next iteration. */
export interface LogFindings {
  readonly exceptions: number
  /** The first line of the first exception, with the place in the script. */
  readonly firstException: string | undefined
  /** The first error that is none of the script's. */
  readonly firstError: string | undefined
}

export class LogReader {
  #exceptions = 0
  #firstException: string | undefined
  #firstError: string | undefined

  read(line: string): void {
    if (!line.includes('"level":"error"')) return
    const parsed = logLine.safeParse(parse(line))
    if (!parsed.success || parsed.data.level !== 'error') return
    const { msg, source } = parsed.data
    if (source === 'stacktrace') {
      this.#exceptions += 1
      this.#firstException ??= describeException(msg)
    } else this.#firstError ??= msg
  }

  get findings(): LogFindings {
    return {
      exceptions: this.#exceptions,
      firstException: this.#firstException,
      firstError: this.#firstError,
    }
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** `TypeError: x is not a function at load/mine.ts:5`: the frames between are the reader's to look up in k6.log. */
function describeException(message: string): string {
  const [first = message, ...frames] = message.split('\n').map((line) => line.trim())
  const place = frames.map((frame) => /file:\/\/\S*\/([^/\s:]+:\d+)/.exec(frame)?.[1]).find(Boolean)
  return place === undefined ? first : `${first} at ${place}`
}
