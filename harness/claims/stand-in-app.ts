import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { containerLogFile } from '../config/process-placement.ts'
import { send } from '../core/http.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import type { Run } from './run.ts'

/** An app that is only its lines: they are written where the container runtime would write them. */

export interface StandInLine {
  readonly method: string
  readonly route: string
  /** A text stands for a line that is no request's: other apps use the field for other things. */
  readonly status: number | string
}

/** Makes a stand-in app known, so that its first lines are late by nothing. @throws SignalproofError BACKEND_UNREACHABLE, FAULT_REFUSED */
export async function standInApp(run: Run, app: string): Promise<void> {
  if (run.environment.kind !== 'process') await sendLines(run, app, '')
}

/**
 * Writes lines of one moment, a nanosecond apart, so that they enter and leave every window together, in one write, so
 * that the collector reads all of them at once.
 */
export async function writeAppLines(
  run: Run,
  app: string,
  atMs: number,
  lines: readonly StandInLine[],
): Promise<void> {
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
  if (run.environment.kind !== 'process') return await sendLines(run, app, text.join(''))
  const file = containerLogFile(run.environment, run.config.logs.namespace, app)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text.join(''), { flag: 'a' })
}

/** Above the time in which a cluster makes a pod run, whatever else it does. */
const standInWithinMs = 90_000

/** The files lie on a node: who serves the environment reaches them. */
async function sendLines({ environment, signal }: Run, app: string, text: string): Promise<void> {
  const { url, token } = environment.supervisor
  const { status, data } = await send({
    backend: 'the supervisor',
    method: 'POST',
    url: `${url}/stand-ins/${app}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain' },
    data: text,
    signal,
    timeout: standInWithinMs,
  })
  if (status === 200) return
  throw new SignalproofError('FAULT_REFUSED', {
    expected: `the lines of ${app} to be written where the container runtime writes them`,
    seen: `${status} ${JSON.stringify(data)}`,
    remedy: 'look at the pod of this name, and at the disk of the node',
  })
}
