import { join } from 'node:path'
import { ownStackCapabilities, type RunningEnvironment } from '../contract.ts'
import type { EnvironmentHome, OpenedEnvironment, OpenRequest } from '../home.ts'
import { bringCluster, kubeContext, type ReachedCluster } from './bring-cluster.ts'
import { type ClusterChange, changeCluster, inChange } from './change-cluster.ts'
import type { ClusterParts, PreparedParts } from './cluster-parts.ts'
import { ClusterPhases } from './cluster-phases.ts'
import { addressesOf, stackAddresses } from './endpoints.ts'
import { ClusterStackFaults } from './faults/cluster-stack-faults.ts'
import { stackComponents } from './faults/fault-plans.ts'
import { findKeptCluster, keptFolder, reopenKeptCluster, requireProfile } from './kept-cluster.ts'
import { type KeptClusterState, removeKeptState } from './kept-cluster-state.ts'
import { newFaultToken, startCluster, wantedCluster } from './own-cluster.ts'
import { componentFacts, objectsOf, type WantedCluster } from './prepared-cluster.ts'
import { lookAtWorkloads } from './rollout.ts'
import { openSession, readyWithinMs, workloadsOf } from './session.ts'
import { StandInPods } from './stand-in-pods.ts'

/** A Kubernetes node in a container of this machine, with the real manifests. */
export const k3sHome: EnvironmentHome = {
  kind: 'k3s',
  open: async (request) => {
    const { dockerParts } = await import('./docker-parts.ts')
    return await openOnCluster(await dockerParts(), request)
  },
}

/**
 * Uses the kept cluster of the same profile, or starts one of its own. A kept one is brought to what the checkout says,
 * `--set` included, and back when the run ends.
 * @throws SignalproofError of Docker, the images, the rendering or the API; ENV_OTHER_PROFILE, ENV_POD_FAILED
 */
export async function openOnCluster(parts: ClusterParts, wanted: OpenRequest): Promise<OpenedEnvironment> {
  const { project, signal, progress } = wanted
  const kept = await findKeptCluster(project.root, parts.nodes)
  if (kept.kind === 'kept') requireProfile(kept, wanted.profile)
  else await parts.nodes.sweep({ all: false })
  const phases = new ClusterPhases(wanted.profile, progress)
  const prepared = await phases.run('preparing images', () => parts.prepare(project, { signal, progress }))
  const faultToken = kept.kind === 'kept' ? kept.state.faultToken : newFaultToken()
  const rendered = await wantedCluster(wanted, prepared, faultToken)
  const production = await wantedCluster({ ...wanted, profile: 'production' }, prepared, faultToken)
  wanted.startFolder()
  const run: ClusterRun = { parts, wanted, prepared, rendered, faultToken, phases }
  const opened = kept.kind === 'kept' ? await openOnKept(run, kept) : await openOnOwn(run)
  phases.end(phases.describe())
  return { ...opened, productionDocuments: production.rendering.documents }
}

interface ClusterRun {
  readonly parts: ClusterParts
  readonly wanted: OpenRequest
  readonly prepared: PreparedParts
  readonly rendered: WantedCluster
  readonly faultToken: string
  readonly phases: ClusterPhases
}

type Opened = Omit<OpenedEnvironment, 'productionDocuments'>

async function openOnOwn(run: ClusterRun): Promise<Opened> {
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
    const session = await serve(run, cluster, cluster.id, false)
    return {
      environment: session.environment,
      close: async () => {
        await session.close()
        if (!wanted.keep) await cluster.node.remove()
      },
    }
  } catch (thrown) {
    await cluster.node.remove()
    if (wanted.keep) removeKeptState(project.root)
    throw thrown
  }
}

async function openOnKept(
  run: ClusterRun,
  kept: { state: KeptClusterState; node: Parameters<typeof reopenKeptCluster>[2] },
): Promise<Opened> {
  const { parts, wanted, prepared, rendered } = run
  const { project, signal } = wanted
  const { root } = project
  const cluster = await run.phases.run('reaching the kept node', () =>
    reopenKeptCluster(root, parts.nodes, kept.node, signal),
  )
  const change = { root, cluster, prepared, withApps: true }
  const state = await run.phases.run('bringing it to what the checkout says', () =>
    changeCluster({ ...change, state: kept.state, wanted: rendered, set: wanted.set, signal }),
  )
  // What was changed, by this run or at the end of the one before, has its pods to roll out still, as one that starts.
  const states = await lookAtWorkloads(cluster.api, workloadsOf(objectsOf(rendered.rendering)))
  const isSettled = [...states.values()].every(({ kind }) => kind === 'ready')
  const session = await serve(run, cluster, kept.state.id, isSettled)
  return {
    environment: session.environment,
    close: async () => {
      await session.close()
      if (wanted.set.length > 0 && !wanted.keep) await withoutSet(run, { ...change, state })
    },
  }
}

/** Another run shall not find what this one changed; it waits for the roll-out, not this one. */
async function withoutSet(
  { wanted, prepared, faultToken }: ClusterRun,
  change: Pick<ClusterChange, 'root' | 'cluster' | 'prepared' | 'withApps' | 'state'>,
): Promise<void> {
  const { signal: _, ...request } = wanted
  const plain = await wantedCluster({ ...request, set: [] }, prepared, faultToken)
  await changeCluster({ ...change, wanted: plain, set: [] })
}

async function serve(
  { wanted, prepared, rendered, faultToken }: ClusterRun,
  cluster: ReachedCluster,
  id: string,
  kept: boolean,
): Promise<{ environment: RunningEnvironment; close(): Promise<void> }> {
  const { project, signal } = wanted
  const folder = join(wanted.folder, 'environment')
  const { documents } = rendered.rendering
  const objects = objectsOf(rendered.rendering)
  const faults = new ClusterStackFaults(cluster.node, {
    components: stackComponents,
    apps: project.config.apps.map(({ name, namespace }) => ({ name, namespace })),
  })
  await faults.heal()
  const addressOf = addressesOf(rendered.endpoints, (port) => cluster.node.mappedPort(port))
  const session = await openSession({
    api: cluster.api,
    objects,
    addressOf,
    config: project.config,
    folder,
    faults,
    standIns: new StandInPods({
      api: cluster.api,
      node: cluster.node,
      image: prepared.images.components.find(({ name }) => name === 'pause')?.reference ?? '',
      namespace: project.config.logs.namespace,
    }),
    digest: rendered.digest,
    signal,
    onFailed: (thrown) => wanted.onFailed(thrown instanceof Error ? thrown.message : String(thrown)),
  })
  return {
    environment: {
      kind: 'k3s',
      profile: wanted.profile,
      digest: rendered.digest,
      id,
      folder,
      startedAt: wanted.startedAt,
      kept,
      addresses: stackAddresses(addressOf),
      apps: session.apps,
      supervisor: session.supervisor,
      readyWithinMs,
      faultToken,
      capabilities: [...ownStackCapabilities, 'kubernetes', 'cluster-changes'],
      components: componentFacts(prepared.images, prepared.node),
      set: wanted.set.map(({ text }) => text),
      collectorConfiguration: documents.collector,
      faultDefaults: documents['fault-switch'] as Record<string, unknown>,
      kubernetes: {
        kubeconfig: cluster.kubeconfig,
        context: kubeContext,
        namespaces: namespacesOf(objects),
        nodeContainer: cluster.node.containerId,
        images: [...prepared.images.components, ...prepared.images.apps].map(({ reference, imageId }) => ({
          reference,
          digest: imageId,
        })),
      },
    },
    close: () => session.close(),
  }
}

const namespacesOf = (objects: readonly { kind: string; metadata: { name: string } }[]): string[] =>
  objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata: { name } }) => name)
