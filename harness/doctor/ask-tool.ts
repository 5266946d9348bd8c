import { describeThrown, SignalproofError } from '../core/signalproof-error.ts'
import { runTethered } from '../toolchain/tethered-command.ts'

/** A tool that does not answer in this time is stuck: all are asked at once, and people wait for the answer. */
export const answerLimitMs = 1500

export const stuck = `no answer within ${answerLimitMs / 1000} s`

/** The outcome of asking a tool, or what stood in the way, in words. */
export type Answer<T> = { readonly value: T } | { readonly value: undefined; readonly why: string }

/** Asks with a limit: the signal ends a tool that is stuck, with all that it started. */
export async function askWithin<T extends object | string>(
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<Answer<T>> {
  const limit = AbortSignal.timeout(answerLimitMs)
  try {
    return { value: await ask(limit) }
  } catch (thrown) {
    if (limit.aborted) return { value: undefined, why: stuck }
    return {
      value: undefined,
      why: thrown instanceof SignalproofError ? thrown.account.seen : describeThrown(thrown),
    }
  }
}

/** The last line that a program prints, where it ends well. */
export const lastLineOf = (program: string, args: readonly string[], environment: NodeJS.ProcessEnv) =>
  askWithin(async (signal) => {
    const { exitCode, lastLines } = await runTethered({ program, args, cwd: '/', environment, signal })
    const line = lastLines.at(-1) ?? ''
    if (exitCode !== 0 || line === '') throw new Error(line === '' ? `status ${exitCode}, no output` : line)
    return line
  })
