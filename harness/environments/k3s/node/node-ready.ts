import type Docker from 'dockerode'
import { formatMs } from '../../../core/eventually.ts'
import { failWhenEnded, nodeFailed } from './node-ends.ts'
import { lastLines } from './node-log.ts'

/** What k3s and the node that is built here say when the node is registered and Ready. */
export const readyLine = 'Node controller sync successful'

/** A machine that is very busy takes this long; a node that fails says so at once. */
export const startLimitMs = 300_000

export interface ReadyOptions {
  readonly signal?: AbortSignal | undefined
  readonly withinMs?: number
}

/**
 * Waits for the ready line of the life that a started container is in; it stands in the log already where it ran on.
 * @throws SignalproofError ENV_NODE_FAILED when it ends, its log ends, or the time is over; the signal's reason
 */
export async function awaitReady(
  container: Docker.Container,
  { signal, withinMs = startLimitMs }: ReadyOptions = {},
): Promise<void> {
  const { State } = await container.inspect()
  signal?.throwIfAborted()
  const waiting = new AbortController()
  const limit = AbortSignal.timeout(withinMs)
  const stop = AbortSignal.any([waiting.signal, limit, ...(signal === undefined ? [] : [signal])])
  const stopped = Promise.withResolvers<never>()
  stop.addEventListener('abort', () => stopped.reject(stop.reason), { once: true })
  // It may have ended since it was started; of the next end that would be one too late.
  const ending = failWhenEnded(container, { signal: stop, condition: 'not-running' })
  const seen = readyInLog(container, State.StartedAt, stop).then((isReady) =>
    isReady ? undefined : explainEndOfLog(container, ending),
  )
  try {
    await Promise.race([ending, seen, stopped.promise])
  } catch (thrown) {
    signal?.throwIfAborted()
    if (limit.aborted)
      throw nodeFailed(`it was not Ready within ${formatMs(withinMs)}`, await lastLines(container))
    throw thrown
  } finally {
    for (const promise of [ending, seen, stopped.promise]) promise.catch(() => {})
    waiting.abort()
  }
}

/** @returns whether the line was seen before the log ended */
async function readyInLog(
  container: Docker.Container,
  startedAt: string,
  stop: AbortSignal,
): Promise<boolean> {
  const log = await container.logs({
    follow: true,
    stdout: true,
    stderr: true,
    since: Date.parse(startedAt) / 1000,
    abortSignal: stop,
  })
  return await new Promise((resolve, reject) => {
    let recent = ''
    log
      .on('error', reject)
      .on('end', () => resolve(false))
      .on('data', (piece: Buffer) => {
        recent = (recent + piece.toString('latin1')).slice(-piece.length - readyLine.length)
        if (recent.includes(readyLine)) resolve(true)
      })
  })
}

/** Docker ends the log of a container that ended before it says with which code. */
async function explainEndOfLog(container: Docker.Container, ending: Promise<never>): Promise<never> {
  const { State } = await container.inspect()
  if (!State.Running) return await ending
  throw nodeFailed('its log ended', await lastLines(container))
}
