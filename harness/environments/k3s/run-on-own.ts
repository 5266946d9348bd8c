import { join } from 'node:path'
import { bringCluster } from './bring-cluster.ts'
import { changeCluster, inChange } from './change-cluster.ts'
import type { ClusterRun, OpenedRun } from './cluster-run.ts'
import { endEach } from './end-each.ts'
import { forgetKeptCluster, keptFolder } from './kept-cluster.ts'
import type { KeptClusterState } from './kept-cluster-state.ts'
import { endCluster, startCluster } from './own-cluster.ts'

/** Starts a cluster for a run. It ends with the run, however that ends, unless it is to be kept. */
export async function openOnOwn(run: ClusterRun): Promise<OpenedRun> {
  const { parts, wanted, prepared, rendered, phases } = run
  const { project, signal } = wanted
  const cluster = await phases.run('starting the node', () =>
    startCluster({
      parts,
      prepared,
      wanted: rendered,
      root: project.root,
      folder: wanted.keep ? keptFolder(project.root) : join(wanted.folder, 'environment'),
      kept: wanted.keep,
      signal,
      onActivity: phases.detail,
    }),
  )
  try {
    const begun: KeptClusterState = {
      id: cluster.id,
      profile: wanted.profile,
      digest: inChange,
      faultToken: run.faultToken,
      startedAt: new Date(wanted.startedAt).toISOString(),
      applied: [],
      hasApps: true,
      set: [],
    }
    await phases.run('applying the manifests', async () => {
      const change = { root: project.root, cluster, prepared, withApps: true, signal }
      if (wanted.keep) await changeCluster({ ...change, state: begun, wanted: rendered, set: wanted.set })
      else await bringCluster(cluster, rendered.rendering, { withApps: true, signal })
    })
    const served = await run.serve(cluster, { id: cluster.id, isSettled: false })
    return {
      environment: served.environment,
      close: () => endEach([() => served.close(), ...(wanted.keep ? [] : [() => endCluster(cluster)])]),
    }
  } catch (thrown) {
    await endEach([
      () => endCluster(cluster),
      ...(wanted.keep ? [() => forgetKeptCluster(project.root)] : []),
    ])
    throw thrown
  }
}
