import { AsyncLocalStorage } from 'node:async_hooks'

/** Tells whoever wants to know what a piece of work waits for, without the work knowing that somebody listens. */

/** One wait that did not end with its first look. */
export interface Wait {
  /** The named condition. */
  readonly condition: string
  /** The computed deadline, or how long the condition has to hold. */
  readonly withinMs: number
  readonly kind: 'until' | 'hold'
}

/** Hears that a wait begins; what it hands back is called when the wait is over, however it ends. */
export type HearWait = (wait: Wait) => () => void

const listening = new AsyncLocalStorage<HearWait>()

/** Runs `work`; `hear` is told of every wait in it, those of what it calls included. */
export const hearWaits = <T>(hear: HearWait, work: () => T): T => listening.run(hear, work)

/** To be called by a wait that begins; the result is to be called at its end. */
export const beginWait = (wait: Wait): (() => void) => listening.getStore()?.(wait) ?? nobodyListens

const nobodyListens = (): void => {}
