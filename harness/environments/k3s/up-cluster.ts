import type { ProfileName } from '../../config/config-schema.ts'
import type { LoadedConfig } from '../../config/load-config.ts'
import { parseSetOption, type SetOption } from '../../config/set-option.ts'
import { SignalproofError } from '../../core/signalproof-error.ts'
import type { InstallProgress } from '../../toolchain/install-progress.ts'
import type { ReachedCluster } from './bring-cluster.ts'
import { changeCluster, inChange } from './change-cluster.ts'
import type { ClusterParts, PreparedParts } from './cluster-parts.ts'
import { ClusterPhases } from './cluster-phases.ts'
import { endEach } from './end-each.ts'
import { addressesOf, reachEndpoints } from './endpoints.ts'
import { chooseIngressPort } from './ingress-port.ts'
import { reachThroughIngress } from './ingress-routes.ts'
import {
  findKeptCluster,
  forgetKeptCluster,
  keptFolder,
  reopenKeptCluster,
  requireProfile,
} from './kept-cluster.ts'
import { type KeptClusterState, writeKeptState } from './kept-cluster-state.ts'
import { endCluster, newFaultToken, startCluster, wantedCluster } from './own-cluster.ts'
import { objectsOf, type WantedCluster } from './prepared-cluster.ts'
import { waitForRollout } from './rollout.ts'
import { readyWithinMs, workloadsOf } from './session.ts'

/** A cluster that stays: `up` starts it or finds it, `deploy` puts the apps on it. */

export interface KeepRequest {
  readonly project: LoadedConfig
  readonly profile: ProfileName
  readonly set: readonly SetOption[]
  /** The port of this machine that is to lead to the ingress; 80 where it is free without it. */
  readonly port?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly progress?: InstallProgress | undefined
}

export interface UpCluster {
  readonly cluster: ReachedCluster
  readonly state: KeptClusterState
  readonly phases: ClusterPhases
}

/**
 * Finds the kept cluster, also a stopped one, or starts one, puts back what was changed in it by hand, and waits until
 * everything of it is rolled out and reached.
 * What could not be finished is removed again; a cluster that was there before stays.
 * @throws SignalproofError ENV_OTHER_PROFILE, ENV_PORT_TAKEN, ENV_POD_FAILED, ENV_NOT_READY and those of Docker and images
 */
export async function upCluster(parts: ClusterParts, request: KeepRequest): Promise<UpCluster> {
  const { project, signal, progress } = request
  const kept = await findKeptCluster(project.root, parts.nodes)
  if (kept.kind === 'kept') requireProfile(kept, request.profile)
  await parts.nodes.sweep({ all: false })
  const phases = new ClusterPhases(request.profile, progress)
  const prepared = await phases.run('preparing images', () => parts.prepare(project, { signal, progress }))
  const faultToken = kept.kind === 'kept' ? kept.state.faultToken : newFaultToken()
  const wanted = await wantedCluster(request, prepared, faultToken)
  if (kept.kind === 'kept') {
    const cluster = await phases.run('reaching the kept node', () =>
      reopenKeptCluster(project.root, parts.nodes, kept.node, signal),
    )
    requirePort(cluster, wanted, request.port)
    tellOfOtherNode(cluster, prepared, progress)
    const change = { root: project.root, cluster, state: kept.state, wanted, prepared, signal }
    const state = await phases.run('applying the manifests', () =>
      changeCluster({ ...change, set: request.set, withApps: false, always: true }),
    )
    await untilServing({ phases, cluster, wanted, signal, project }, state)
    return { cluster, state, phases }
  }
  return await startKept(parts, request, { phases, prepared, wanted, faultToken })
}

/** A container has the ports that it was made with. @throws SignalproofError USAGE_BAD_VALUE */
function requirePort(
  { node }: ReachedCluster,
  { endpoints }: WantedCluster,
  asked: number | undefined,
): void {
  const ingress = endpoints.find(({ name }) => name === 'ingress')?.nodePort
  if (asked === undefined || ingress === undefined || node.mappedPort(ingress) === asked) return
  throw new SignalproofError('USAGE_BAD_VALUE', {
    expected: `no other port than the kept cluster has for the ingress, ${node.mappedPort(ingress)}`,
    seen: `${asked}`,
    where: '--port',
    remedy: 'leave it out, or end the cluster first: `signalproof down --env k3s`',
  })
}

/** A node keeps its version until its cluster is ended. */
function tellOfOtherNode(
  { node }: ReachedCluster,
  prepared: PreparedParts,
  progress: InstallProgress = () => {},
): void {
  const { reference } = prepared.node
  if (node.image.reference === reference) return
  progress({
    kind: 'note',
    component: 'cluster',
    text: `its node is ${node.image.reference}; a new one would be ${reference}: \`signalproof down --env k3s\` first`,
  })
}

interface NewCluster {
  readonly phases: ClusterPhases
  readonly prepared: PreparedParts
  readonly wanted: WantedCluster
  readonly faultToken: string
}

async function startKept(
  parts: ClusterParts,
  { project, profile, set, port, signal }: KeepRequest,
  { phases, prepared, wanted, faultToken }: NewCluster,
): Promise<UpCluster> {
  const { root } = project
  const ingressPort = await chooseIngressPort(port)
  const startedAt = new Date().toISOString()
  const cluster = await phases.run('starting the node', () =>
    startCluster({
      parts,
      prepared,
      wanted,
      root,
      folder: keptFolder(root),
      kept: true,
      ingressPort,
      signal,
      onActivity: phases.detail,
    }),
  )
  try {
    const begun: KeptClusterState = {
      id: cluster.id,
      profile,
      digest: inChange,
      faultToken,
      startedAt,
      applied: [],
      hasApps: false,
      set: [],
    }
    // Before anything is in it: were this process killed, the next `up` would find the node and go on.
    writeKeptState(root, begun)
    const change = { root, cluster, state: begun, wanted, prepared, set, signal }
    const state = await phases.run('applying the manifests', () =>
      changeCluster({ ...change, withApps: false }),
    )
    await untilServing({ phases, cluster, wanted, signal, project }, state)
    return { cluster, state, phases }
  } catch (thrown) {
    await endEach([() => endCluster(cluster), () => forgetKeptCluster(root)])
    throw thrown
  }
}

/**
 * Puts the apps, as the checkout has them, on the kept cluster and waits until they serve through the ingress. Only what
 * changed gets new pods.
 * @throws SignalproofError ENV_NOT_UP without a kept cluster; as upCluster
 */
export async function deployApps(
  parts: ClusterParts,
  { project, signal, progress }: Pick<KeepRequest, 'project' | 'signal' | 'progress'>,
): Promise<UpCluster> {
  const { root } = project
  const kept = await findKeptCluster(root, parts.nodes)
  if (kept.kind !== 'kept') throw notUp(kept.kind)
  const { profile, faultToken } = kept.state
  const set = kept.state.set.map(parseSetOption)
  const phases = new ClusterPhases(profile, progress)
  const prepared = await phases.run('building the apps', () => parts.prepare(project, { signal, progress }))
  const wanted = await wantedCluster({ project, profile, set }, prepared, faultToken)
  const cluster = await phases.run('reaching the kept node', () =>
    reopenKeptCluster(root, parts.nodes, kept.node, signal),
  )
  const change = { root, cluster, state: kept.state, wanted, prepared, set, signal }
  const state = await phases.run('loading and applying the apps', () =>
    changeCluster({ ...change, withApps: true, always: true }),
  )
  await untilServing({ phases, cluster, wanted, signal, project }, state)
  return { cluster, state, phases }
}

interface Serving {
  readonly phases: ClusterPhases
  readonly cluster: ReachedCluster
  readonly wanted: WantedCluster
  readonly project: LoadedConfig
  readonly signal: AbortSignal | undefined
}

/** Every new pod ready, every endpoint reached from this machine, and every app through the ingress. */
async function untilServing(
  { phases, cluster, wanted, project, signal }: Serving,
  { hasApps }: KeptClusterState,
): Promise<void> {
  const { rendering, endpoints } = wanted
  const objects = hasApps ? objectsOf(rendering) : [...rendering.cluster, ...rendering.stack]
  await phases.run('rolling out', () =>
    waitForRollout(cluster.api, workloadsOf(objects), {
      withinMs: readyWithinMs,
      signal,
      onLook: (states) => {
        const waiting = [...states].flatMap(([name, { kind }]) => (kind === 'ready' ? [] : [name]))
        phases.detail(waiting.map((name) => name.replace(/^.*\//, '')).join(', '))
      },
    }),
  )
  const services = new Set(
    objects.flatMap(({ kind, metadata }) =>
      kind === 'Service' ? [`${metadata.namespace}/${metadata.name}`] : [],
    ),
  )
  const addressOf = addressesOf(endpoints, (port) => cluster.node.mappedPort(port))
  const there = endpoints.filter(({ namespace, service }) => services.has(`${namespace}/${service}`))
  await phases.run('reaching every endpoint', async () => {
    await reachEndpoints(new Map(there.map(({ name }) => [name, addressOf(name)])), {
      withinMs: reachedWithinMs,
      signal,
    })
    if (hasApps)
      await reachThroughIngress(project.config, addressOf('ingress'), { withinMs: reachedWithinMs, signal })
  })
}

/** A Service follows its pods within a second; the rest is for a machine with much other work. */
const reachedWithinMs = 60_000

const notUp = (kind: 'none' | 'gone'): SignalproofError =>
  new SignalproofError('ENV_NOT_UP', {
    expected: 'a kept cluster to deploy to',
    seen: kind === 'none' ? 'none' : 'one whose container was removed',
    remedy: '`signalproof up --env k3s` (or `make up`) starts one',
  })
