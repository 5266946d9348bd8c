import { loadConfig } from '../../harness/config/load-config.ts'
import { SignalproofError } from '../../harness/core/signalproof-error.ts'
import { dockerParts } from '../../harness/environments/k3s/docker-parts.ts'
import { findKeptCluster } from '../../harness/environments/k3s/kept-cluster.ts'
import { deployApps, type UpCluster, upCluster } from '../../harness/environments/k3s/up-cluster.ts'
import type { KubeObject } from '../../harness/kube/kube-object.ts'
import { showProgress } from '../../harness/report/progress.ts'
import { root, signalproof } from './signalproof-command.ts'
import { measureVerify, type VerifyMeasurement } from './verify-runs.ts'

/** How long a cluster takes to start, by phase and by pod, and how fast it is verified when it is kept. */

export interface Phase {
  readonly name: string
  readonly ms: number
}

/** A pod's way from the API to Ready, counted from the start of `up`; the API tells whole seconds. */
export interface PodStart {
  readonly name: string
  readonly createdMs: number
  /** Null while it is not. */
  readonly readyMs: number | null
}

export interface ClusterMeasurement {
  readonly node: string
  readonly up: readonly Phase[]
  readonly deploy: readonly Phase[]
  readonly pods: readonly PodStart[]
  /** From the start of `up` to the end of `deploy`: every pod ready, every endpoint reached, every app through the ingress. */
  readonly startMs: number
  /** `deploy` once more, with nothing changed. */
  readonly againMs: number
  /** The whole of verify on the kept cluster. */
  readonly verify: VerifyMeasurement
}

/**
 * Runs `up` and `deploy` as the commands do, in this process: it sees their phases. Removes the cluster whatever happens.
 * @throws SignalproofError ENV_KEPT_RUNNING, and those of `up`
 */
export async function measureCluster({
  folder,
  signal,
  progress,
}: {
  folder: string
  signal: AbortSignal
  progress: (text: string) => void
}): Promise<ClusterMeasurement> {
  const [parts, project] = [await dockerParts(), await loadConfig(root)]
  await requireNoCluster(parts)
  // What has to be built or pulled is built and pulled before the clock starts: the goal is for images that are there.
  const shown = showProgress(process.stderr)
  await parts.prepare(project, { signal, progress: shown.onInstall })
  const shared = { project, signal, progress: shown.onInstall }
  try {
    const startedAt = Date.now()
    const began = performance.now()
    const up = await upCluster(parts, { ...shared, profile: 'fast', set: [] })
    const deployed = await deployApps(parts, shared)
    const startMs = performance.now() - began
    shown.end('')
    const pods = startsOf(await deployed.cluster.api.list<Pod>({ apiVersion: 'v1', kind: 'Pod' }), startedAt)
    progress('deploy again, with nothing changed')
    const { processMs: againMs } = await signalproof(['deploy'], { signal })
    progress('verify --env k3s on the kept cluster')
    const verify = await measureVerify(['--env', 'k3s'], folder, signal)
    const node = up.cluster.node.image.reference
    return { node, up: phasesOf(up), deploy: phasesOf(deployed), pods, startMs, againMs, verify }
  } finally {
    shown.end('')
    progress('down')
    await signalproof(['down', '--env', 'k3s'])
  }
}

/** The bench keeps a cluster of its own. @throws SignalproofError ENV_KEPT_RUNNING */
async function requireNoCluster({ nodes }: Awaited<ReturnType<typeof dockerParts>>): Promise<void> {
  const kept = await findKeptCluster(root, nodes)
  if (kept.kind === 'none') return
  throw new SignalproofError('ENV_KEPT_RUNNING', {
    expected: 'no kept cluster while the bench runs: it would be measured instead of a new one',
    seen: `one, up since ${kept.state.startedAt}`,
    remedy: '`signalproof down --env k3s` ends it',
  })
}

const phasesOf = ({ phases }: UpCluster): Phase[] => [...phases.taken]

interface Pod extends KubeObject {
  readonly status?: {
    readonly conditions?: readonly { type: string; status: string; lastTransitionTime: string }[]
  }
}

/** Each pod by when it was made and when it was ready, the last one last. */
export function startsOf(pods: readonly Pod[], startedAt: number): PodStart[] {
  const after = (time: string | undefined) => (time === undefined ? Number.NaN : Date.parse(time) - startedAt)
  const starts = pods.map(({ metadata: { name, namespace, creationTimestamp }, status }) => {
    const ready = status?.conditions?.find((one) => one.type === 'Ready' && one.status === 'True')
    return {
      name: `${namespace}/${name}`,
      createdMs: after(creationTimestamp),
      readyMs: ready === undefined ? null : after(ready.lastTransitionTime),
    }
  })
  return starts.toSorted((a, b) => (a.readyMs ?? Infinity) - (b.readyMs ?? Infinity))
}
