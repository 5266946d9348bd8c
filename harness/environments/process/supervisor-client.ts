/** The harness's side of an environment's supervisor: start it, give it the plan, keep it or stop it. */

import type { SignalproofError } from '../../core/signalproof-error.ts'
import { checkPlan } from './plan-check.ts'
import { SupervisorChannel, type SupervisorEnd } from './supervisor-channel.ts'
import { supervisorFailed } from './supervisor-errors.ts'
import {
  type ClaimedEvent,
  type ComponentPlan,
  type SupervisorEvent,
  stopWithinMs,
  type WaysToBreak,
} from './supervisor-protocol.ts'

/** It is up with its ports probed in a tenth of a second; a machine that needs this long has another problem. */
const claimWithinMs = 15_000
const keepWithinMs = 5_000

export interface SupervisorOptions {
  /** The folder of this environment, absolute. `data` in it is removed at the end, `logs` stays. */
  readonly folder: string
  /** Aborting it stops the environment, at whatever point it is. */
  readonly signal?: AbortSignal | undefined
  /** Hears every event in order: for progress. */
  readonly onEvent?: ((event: SupervisorEvent) => void) | undefined
}

/**
 * Starts a supervisor and waits until it has claimed its ports. It goes down with this process, whatever way that
 * ends, unless it is kept.
 * @throws SignalproofError ENV_NO_PORTS, ENV_SUPERVISOR; the signal's reason when that is aborted
 */
export async function startSupervisor({
  folder,
  signal,
  onEvent = () => {},
}: SupervisorOptions): Promise<Supervisor> {
  signal?.throwIfAborted()
  const channel = new SupervisorChannel(folder, onEvent)
  const onAbort = () => channel.send({ kind: 'stop', removeFolder: false })
  signal?.addEventListener('abort', onAbort, { once: true })
  void channel.ended.then(() => signal?.removeEventListener('abort', onAbort))
  try {
    const claim = await within(claimWithinMs, 'to claim a block of ports', folder, channel.event('claimed'))
    return new Supervisor(folder, channel, claim, signal)
  } catch (thrown) {
    channel.kill()
    signal?.throwIfAborted()
    throw thrown
  }
}

export class Supervisor {
  readonly folder: string
  /** The supervisor's own port, by which a later harness reaches it. */
  readonly anchorPort: number
  /** Bearer token for the anchor port. A secret: it gives the right to stop everything. */
  readonly token: string
  /** Free ports on 127.0.0.1 for the components, ascending; no other environment gets them while this one lives. */
  readonly ports: readonly number[]
  readonly #channel: SupervisorChannel
  readonly #signal: AbortSignal | undefined
  #components: readonly ComponentPlan[] = []

  constructor(
    folder: string,
    channel: SupervisorChannel,
    claim: ClaimedEvent,
    signal: AbortSignal | undefined,
  ) {
    this.folder = folder
    this.anchorPort = claim.anchorPort
    this.token = claim.token
    this.ports = claim.ports
    this.#channel = channel
    this.#signal = signal
  }

  get pid(): number {
    return this.#channel.pid as number
  }

  /** Settles, never rejects, when the environment has ended or was kept; its `error` says that it should not have. */
  get ended(): Promise<SupervisorEnd> {
    return this.#channel.ended
  }

  /** Resolves at the first word of what ends the environment unasked, before everything is stopped; else never. */
  get failed(): Promise<SignalproofError> {
    return this.#channel.failed
  }

  /**
   * Starts the components and resolves when all are ready, with the time that took. When one fails, it rejects after
   * everything has been stopped again.
   * @throws SignalproofError ENV_COMPONENT_DIED, ENV_NOT_READY, ENV_SUPERVISOR; INTERNAL for a plan that could never
   *   start; the signal's reason when that is aborted
   */
  async start(
    components: readonly ComponentPlan[],
    ways: WaysToBreak = { links: [], targetsFolder: '' },
  ): Promise<{ afterMs: number }> {
    checkPlan(components)
    this.#components = components
    this.#channel.send({ kind: 'plan', components, ways })
    try {
      const { afterMs } = await this.#channel.event('all-ready')
      return { afterMs }
    } catch (thrown) {
      this.#signal?.throwIfAborted()
      throw thrown
    }
  }

  /**
   * Lets the environment outlive this harness. kept-environment.ts does this and writes down how to find it again.
   * @param digest of the configuration; its `/status` answers with it
   * @throws SignalproofError ENV_SUPERVISOR when it ended before it could be kept
   */
  async keep(digest: string): Promise<void> {
    this.#channel.send({ kind: 'keep', digest })
    await within(keepWithinMs, 'to confirm that it goes on', this.folder, this.#channel.event('kept'))
    this.#channel.release()
  }

  /**
   * Stops everything and resolves when it is gone; of one that has ended or was kept, nothing is asked.
   * @throws SignalproofError ENV_SUPERVISOR when something could not be ended
   */
  async stop({ removeFolder = false }: { removeFolder?: boolean } = {}): Promise<void> {
    this.#channel.send({ kind: 'stop', removeFolder })
    try {
      const { leftBehind } = await within(
        stopWithinMs(this.#components),
        'to stop everything',
        this.folder,
        this.ended,
      )
      if (leftBehind.length > 0)
        throw supervisorFailed('to leave nothing behind', leftBehind.join(', '), this.folder)
    } catch (thrown) {
      this.#channel.kill()
      throw thrown
    }
  }

  /** Stops it, unless it was kept: for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

async function within<T>(withinMs: number, what: string, folder: string, awaited: Promise<T>): Promise<T> {
  const over = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    over.reject(supervisorFailed(`${what} within ${withinMs} ms`, 'no word from it in this time', folder))
  }, withinMs)
  try {
    return await Promise.race([awaited, over.promise])
  } finally {
    clearTimeout(timer)
  }
}
