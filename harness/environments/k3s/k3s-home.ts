import { join } from 'node:path'
import { appVariablesOf } from '../../config/app-variables.ts'
import type { ProfileName } from '../../config/config-schema.ts'
import { renderedDashboards } from '../../config/dashboard-documents.ts'
import type { SetOption } from '../../config/set-option.ts'
import { refOf } from '../../kube/kube-object.ts'
import { ownStackCapabilities, withoutGrafana } from '../contract.ts'
import type { EnvironmentHome, OpenedEnvironment, OpenRequest } from '../home.ts'
import { stackAddresses } from '../stack-addresses.ts'
import type { ReachedCluster } from './bring-cluster.ts'
import { kubeContext } from './cluster-node.ts'
import type { ClusterParts } from './cluster-parts.ts'
import { ClusterPhases } from './cluster-phases.ts'
import type { ClusterRun, ServedAs, ServedRun } from './cluster-run.ts'
import { addressesOf } from './endpoints.ts'
import { ClusterStackFaults } from './faults/cluster-stack-faults.ts'
import { stackComponents } from './faults/fault-plans.ts'
import { findKeptCluster, requireProfile } from './kept-cluster.ts'
import { autoscalerSyncMs } from './node/node-arguments.ts'
import { newFaultToken } from './own-cluster.ts'
import { componentFacts, manifestsFor, objectsOf, renderWanted } from './prepared-cluster.ts'
import { openOnKept } from './run-on-kept.ts'
import { openOnOwn } from './run-on-own.ts'
import { openSession, readyWithinMs } from './session.ts'
import { StandInPods } from './stand-in-pods.ts'

/** A Kubernetes node in a container of this machine, with the real manifests. */
export const k3sHome: EnvironmentHome = {
  kind: 'k3s',
  open: async (request) => {
    const { dockerParts } = await import('./docker-parts.ts')
    return await openOnCluster(await dockerParts('signalproof verify --env process'), request)
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
  await parts.nodes.sweep({ all: false })
  const phases = new ClusterPhases(wanted.profile, progress)
  const prepared = await phases.run('preparing images', () => parts.prepare(project, { signal, progress }))
  const faultToken = kept.kind === 'kept' ? kept.state.faultToken : newFaultToken()
  const manifests = await manifestsFor(project, prepared)
  const render = (profile: ProfileName, set: readonly SetOption[]) =>
    renderWanted({ manifests, profile, set, images: prepared.images, faultToken })
  const rendered = render(wanted.profile, wanted.set)
  const production = render('production', wanted.set)
  wanted.startFolder()
  const run: ClusterRun = {
    parts,
    wanted,
    prepared,
    rendered,
    render: (set) => render(wanted.profile, set),
    faultToken,
    phases,
    serve: (cluster, as) => serve(run, cluster, as),
  }
  const opened = kept.kind === 'kept' ? await openOnKept(run, kept) : await openOnOwn(run)
  phases.end(phases.describe())
  return { ...opened, productionDocuments: production.rendering.documents }
}

async function serve(
  { wanted, prepared, rendered, faultToken }: ClusterRun,
  cluster: ReachedCluster,
  { id, isSettled }: ServedAs,
): Promise<ServedRun> {
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
  const hasGrafana = rendered.endpoints.some(({ name }) => name === 'grafana')
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
      kept: isSettled,
      addresses: { ...stackAddresses(addressOf), ...(hasGrafana ? { grafana: addressOf('grafana') } : {}) },
      apps: session.apps,
      supervisor: session.supervisor,
      readyWithinMs,
      faultToken,
      capabilities: [
        ...ownStackCapabilities,
        'kubernetes',
        'cluster-changes',
        ...(hasGrafana ? (['grafana'] as const) : []),
      ],
      ...(hasGrafana ? {} : { lacks: withoutGrafana }),
      components: componentFacts(prepared.images, cluster.node.image),
      set: wanted.set.map(({ text }) => text),
      collectorConfiguration: documents.collector,
      dashboards: renderedDashboards(documents),
      appVariables: appVariablesOf(documents.apps),
      faultDefaults: documents['fault-switch'] as Record<string, unknown>,
      kubernetes: {
        kubeconfig: cluster.kubeconfig,
        context: kubeContext,
        namespaces: namespacesOf(objects),
        nodeContainer: cluster.node.containerId,
        nodeKind: cluster.node.image.kind,
        autoscalerSyncMs,
        applied: objects.map(refOf),
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
