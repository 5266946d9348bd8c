import { send } from '../core/http.ts'
import type { ComponentStatus } from '../environments/process/supervisor-protocol.ts'

/** An answer takes milliseconds; who waits for `status` wants to know now. */
const answerWithinMs = 1_000

/**
 * What each component says right now. The supervisor knows that a component became ready once; one that hangs since is
 * still running, and only asking it shows that.
 */
export function askComponents(
  components: readonly ComponentStatus[],
): Promise<(ComponentStatus & { readonly answers: string })[]> {
  return Promise.all(
    components.map(async (component) => ({
      ...component,
      answers: component.state === 'ready' ? await ask(component) : component.state,
    })),
  )
}

async function ask({ name, readyUrl }: ComponentStatus): Promise<string> {
  const signal = AbortSignal.timeout(answerWithinMs)
  try {
    const { status } = await send({ backend: name, url: readyUrl, signal })
    return status === 200 ? 'ready' : `not ready (${status})`
  } catch {
    return signal.aborted ? `no answer within ${answerWithinMs / 1000} s` : 'no answer'
  }
}
