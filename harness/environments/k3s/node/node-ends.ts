import type Docker from 'dockerode'
import { describeThrown, SignalproofError } from '../../../core/signalproof-error.ts'
import { isNotFound } from '../../../images/docker-images.ts'
import { isInRemoval, type LogTail, lastLines } from './node-log.ts'

/** A node that ended, or never came up, in its own words. */
export function nodeFailed(what: string, lines: readonly string[], cause?: unknown): SignalproofError {
  return new SignalproofError('ENV_NODE_FAILED', {
    expected: 'the node of the cluster to start and to stay up',
    seen: [what, ...lines.map((line) => `    ${line}`)].join('\n'),
    remedy: remedyFor([what, ...lines].join('\n')),
    cause,
  })
}

function remedyFor(said: string): string {
  if (/no space left on device/i.test(said))
    return 'make room on the disk that Docker uses: `docker system df` shows what is on it'
  if (/image tar .* cannot be imported/.test(said))
    return 'the archive named above is broken or the disk is full: remove it from the cache, it is made anew at the next start'
  return 'read the lines above; the Docker daemon has to allow privileged containers'
}

/** What stands in the way of creating or starting a container, in words that say what to do. */
export function explainDocker(thrown: unknown, hostPorts: ReadonlyMap<number, number>): unknown {
  if (thrown instanceof SignalproofError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  if (/port is already allocated|address already in use/i.test(message)) {
    const ports = [...hostPorts.values()].join(', ')
    return new SignalproofError('ENV_PORT_TAKEN', {
      expected: `127.0.0.1:${ports} to be free: it leads to the cluster`,
      seen: describeThrown(thrown),
      remedy: `find who listens there (ss -ltnp, docker ps), or start without that port`,
      cause: thrown,
    })
  }
  return nodeFailed(`Docker: ${message.trim()}`, [], thrown)
}

export interface EndingOptions {
  readonly signal: AbortSignal
  /** `next-exit` before the container is started; `not-running` afterwards, when it may have ended already. */
  readonly condition: 'next-exit' | 'not-running'
  /** Of its log, where somebody else may remove the container as soon as it has ended. */
  readonly tail?: LogTail
}

/**
 * Rejects when the container ends, with its last lines. Never resolves: it is raced with whatever is waited for.
 * @throws SignalproofError ENV_NODE_FAILED; whatever the signal's abort throws
 */
export async function failWhenEnded(
  container: Docker.Container,
  { signal, condition, tail }: EndingOptions,
): Promise<never> {
  const { StatusCode: code } = await container.wait({ condition, abortSignal: signal })
  const lines = await lastLines(container)
  await tail?.ended
  throw nodeFailed(`its container ended with code ${code}`, lines.length > 0 ? lines : (tail?.lines ?? []))
}

/** Removes a container with the volumes that only it has; one that is gone already is what was wanted. */
export async function removeContainer(container: Docker.Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true })
  } catch (thrown) {
    if (isInRemoval(thrown)) await awaitRemoval(container)
    else if (!isNotFound(thrown)) throw thrown
  }
}

async function awaitRemoval(container: Docker.Container): Promise<void> {
  try {
    await container.wait({ condition: 'removed' })
  } catch (thrown) {
    if (!isNotFound(thrown)) throw thrown
  }
}
