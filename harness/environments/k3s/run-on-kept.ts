import { parseSetOption } from '../../config/set-option.ts'
import { autoscalersAtRest } from './autoscalers-at-rest.ts'
import type { ReachedCluster } from './bring-cluster.ts'
import { changeCluster, inChange } from './change-cluster.ts'
import type { FoundNode } from './cluster-nodes.ts'
import type { ClusterRun, OpenedRun } from './cluster-run.ts'
import { endEach } from './end-each.ts'
import { reopenKeptCluster } from './kept-cluster.ts'
import type { KeptClusterState } from './kept-cluster-state.ts'
import { objectsOf } from './prepared-cluster.ts'
import { lookAtWorkloads } from './rollout.ts'
import { workloadsOf } from './session.ts'

/**
 * Brings the kept cluster to what the checkout says, with the `--set` of the run, and back to its own when the run ends or
 * cannot begin. What the cluster was given by `up --set` stays written down: it is of the cluster, not of the run.
 */
export async function openOnKept(
  run: ClusterRun,
  kept: { readonly state: KeptClusterState; readonly node: FoundNode },
): Promise<OpenedRun> {
  const { parts, wanted, prepared, rendered, phases } = run
  const { project, signal } = wanted
  const { root } = project
  const cluster = await phases.run('reaching the kept node', () =>
    reopenKeptCluster(root, parts.nodes, kept.node, signal),
  )
  const set = wanted.keep ? wanted.set : kept.state.set.map(parseSetOption)
  const isItsOwn = set.map(({ text }) => text).join() === wanted.set.map(({ text }) => text).join()
  // Should the change fail, nobody knows how far it came.
  let state: KeptClusterState = { ...kept.state, digest: inChange }
  const back = async () => {
    if (!isItsOwn) await bringBack(run, cluster, state)
  }
  try {
    state = await phases.run('bringing it to what the checkout says', () =>
      changeCluster({
        root,
        cluster,
        prepared,
        state: kept.state,
        wanted: rendered,
        set,
        withApps: true,
        signal,
      }),
    )
    // Before a run asks which pods there are: those that a load has made are about to go.
    await phases.run('waiting for the autoscalers to let go', () =>
      autoscalersAtRest(cluster.api, project.config.apps, { signal }).catch(() => signal?.throwIfAborted()),
    )
    // What was changed, by this run or at the end of the one before, has its pods to roll out still, as one that starts.
    const states = await lookAtWorkloads(cluster.api, workloadsOf(objectsOf(rendered.rendering)))
    const isSettled = [...states.values()].every(({ kind }) => kind === 'ready')
    const served = await run.serve(cluster, { id: kept.state.id, isSettled })
    return {
      environment: served.environment,
      close: () => endEach([() => served.close(), back]),
    }
  } catch (thrown) {
    // Why the run cannot begin says more than why that cannot be undone; and the next run goes by the digest.
    await back().catch(() => {})
    throw thrown
  }
}

/** Another run shall not find what this one changed; it waits for the roll-out, not this one. */
async function bringBack(
  { wanted: { project }, prepared, render }: ClusterRun,
  cluster: ReachedCluster,
  state: KeptClusterState,
): Promise<void> {
  const set = state.set.map(parseSetOption)
  const wanted = render(set)
  await changeCluster({ root: project.root, cluster, prepared, state, wanted, set, withApps: true })
}
