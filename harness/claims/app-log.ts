import { readFile } from 'node:fs/promises'
import { parseRfc3339Ms } from '../core/clock.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import type { Run } from './run.ts'

/** An app's log as the container runtime wrote it: what it says about each request, before any pipeline touches it. */
export interface LoggedRequest {
  readonly atMs: number
  readonly requestId: string
  readonly route: string
  readonly status: number
}

/** All request lines of an app; other lines are passed over. @throws SignalproofError BACKEND_UNREACHABLE without a log */
export async function readAppLog(run: Run, app: string): Promise<LoggedRequest[]> {
  const file = run.app(app).logFile
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SignalproofError('BACKEND_UNREACHABLE', {
      expected: `the log of ${app}`,
      seen: `${file} cannot be read`,
      remedy: `look whether ${app} runs`,
      cause,
    })
  })
  const { status, route, requestId } = run.config.logs.fields
  return text.split('\n').flatMap((line) => {
    const [, time, body] = /^(\S+) std(?:out|err) F (\{.*\})$/.exec(line) ?? []
    if (time === undefined || body === undefined) return []
    const fields = parseObject(body)
    if (fields[requestId] === undefined) return []
    return [
      {
        atMs: parseRfc3339Ms(time),
        requestId: String(fields[requestId]),
        route: String(fields[route]),
        status: Number(fields[status]),
      },
    ]
  })
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}
