import { SignalproofError } from '../core/signalproof-error.ts'
import { requireReachable } from '../toolchain/download.ts'
import { answerLimitMs } from './ask-tool.ts'

/** Whether somebody answers for a file, and what was seen instead. */
export interface Reached {
  readonly address: string
  readonly reached: boolean
  readonly seen: string
}

/** Asks for the head of a file only: nothing is fetched. */
export async function askFor(address: string): Promise<Reached> {
  try {
    await requireReachable(address, { silenceLimitMs: answerLimitMs })
    return { address, reached: true, seen: 'it is there' }
  } catch (thrown) {
    if (!(thrown instanceof SignalproofError)) throw thrown
    return { address, reached: false, seen: thrown.account.seen }
  }
}
