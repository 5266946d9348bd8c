import { readSupervisorStatus } from './kept-environment.ts'
import type { Supervisor } from './supervisor-client.ts'

/** How a run hears that its environment ends, which nobody asked for. */

/** Never resolves for one that lasts until it is closed. */
export function untilItFails({ failed, ended }: Pick<Supervisor, 'failed' | 'ended'>): Promise<string> {
  const unasked = ended.then(({ error }) => error?.message ?? 'it ended without being asked to')
  return Promise.race([failed.then(({ message }) => message), unasked])
}

/** Why a supervisor stops, or no longer answers; null while its components are to run on. */
export async function whyItEnds(supervisor: { anchorPort: number; token: string }): Promise<string | null> {
  try {
    return (await readSupervisorStatus(supervisor)).stopping
  } catch (thrown) {
    return (thrown as Error).message
  }
}
