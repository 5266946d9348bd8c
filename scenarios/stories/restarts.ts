import { clusterOf, type Pod, type Restarts, type Run, restartsOf, story } from '../../harness/test.ts'

/**
 * How often each container had been started again before this run: on a cluster of its own never, on any other as often as
 * when the stack was first seen ready. What grows from here, grew in this run.
 */
export const restartsAtBegin = story('restarts at the begin', async (run: Run) => {
  if (!run.environment.kept) return new Map<string, Restarts>()
  const cluster = await clusterOf(run)
  return restartsOf(await cluster.all<Pod>('Pod', cluster.ownNamespaces))
})

const endedOnPurpose = new WeakMap<Run, Map<string, number>>()

/** The containers that this run ended without their pod, by restartKey, and how often. */
export function containersEndedOnPurpose(run: Run): Map<string, number> {
  const known = endedOnPurpose.get(run) ?? new Map<string, number>()
  endedOnPurpose.set(run, known)
  return known
}
