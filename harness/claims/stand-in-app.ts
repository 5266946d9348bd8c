import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { containerLogFile } from '../config/process-placement.ts'
import type { Run } from './run.ts'

/** An app that is only its lines: they are written where the container runtime would write them. */

export interface StandInLine {
  readonly method: string
  readonly route: string
  /** A text stands for a line that is no request's: other apps use the field for other things. */
  readonly status: number | string
}

/**
 * Writes lines of one moment, a nanosecond apart, so that they enter and leave every window together, in one write, so
 * that the collector reads all of them at once.
 */
export function writeAppLines(run: Run, app: string, atMs: number, lines: readonly StandInLine[]): void {
  const file = containerLogFile(run.environment, run.config.logs.namespace, app)
  const second = new Date(Math.floor(atMs / 1000) * 1000).toISOString().slice(0, 19)
  const nanoseconds = Math.floor((atMs % 1000) * 1_000_000)
  const text = lines.map((line, index) => {
    const time = `${second}.${String(nanoseconds + index).padStart(9, '0')}Z`
    const { fields } = run.config.logs
    const body = {
      time,
      level: 'error',
      msg: 'request',
      [fields.method]: line.method,
      [fields.route]: line.route,
      path: line.route,
      [fields.status]: line.status,
      [fields.requestId]: `${run.seed.runId}-${app}-${index}`,
    }
    return `${time} stdout F ${JSON.stringify(body)}\n`
  })
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text.join(''), { flag: 'a' })
}
