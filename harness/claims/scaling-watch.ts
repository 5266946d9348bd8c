import { epochMs } from '../core/clock.ts'
import { pause } from '../core/eventually.ts'
import { describeThrown } from '../core/signalproof-error.ts'
import { isReadyPod } from '../kube/workloads.ts'
import type { Autoscaler, Pod, PodMetrics, Workload } from './cluster-objects.ts'
import { hasLabels } from './cluster-objects.ts'
import { appsOnPods, podCountersOf } from './pod-counters-of-run.ts'
import type { Run } from './run.ts'

/** What the autoscalers of the apps, and the pods that they make and end, were seen to do. */

/** One look at one autoscaler. */
export interface ScalingSample {
  /** Epoch ms. */
  readonly at: number
  /** Of the workload that it scales. */
  readonly target: string
  readonly minimum: number
  readonly maximum: number
  /** Percent of what the containers request: what it aims at, and what the metrics API says now. */
  readonly targetPercent: number
  readonly percent: number | null
  readonly desired: number
  readonly pods: readonly { readonly name: string; readonly ready: boolean; readonly told: boolean }[]
}

export interface ScalingWatch {
  readonly samples: readonly ScalingSample[]
  /** Looks that failed, in words: an autoscaler that nobody saw is no proof. */
  readonly failures: readonly string[]
}

/** A hop of seconds is known to half of one. */
const lookEveryMs = 500

/**
 * Watches the autoscalers of the apps, and reads the last word of pods that end, from its first call to the end of the run.
 * Nothing is watched where the apps do not run in pods.
 */
export async function watchScaling(run: Run): Promise<ScalingWatch | null> {
  const apps = appsOnPods(run)
  if (apps.length === 0) return null
  return await run.once('scaling watch', async () => {
    const { clusterOf, podMetricsIn } = await import('./cluster.ts')
    const cluster = await clusterOf(run)
    const counters = await podCountersOf(run)
    const namespaces = [...new Set(apps.map(({ namespace }) => namespace))]
    const watch = { samples: [] as ScalingSample[], failures: [] as string[] }
    const look = async () => {
      const [autoscalers, targets, pods, metrics] = await Promise.all([
        cluster.all<Autoscaler>('HorizontalPodAutoscaler', namespaces),
        cluster.all<Workload>('Deployment', namespaces),
        cluster.all<Pod>('Pod', namespaces),
        podMetricsIn(cluster, namespaces),
      ])
      watch.samples.push(...samplesOf({ at: epochMs(), autoscalers, targets, pods, metrics }))
    }
    // The first look is not missed.
    await Promise.all([look(), ...apps.map((app) => counters.counts(app))])
    const { signal } = run
    const keepLooking = async () => {
      while (!signal.aborted) {
        await pause(lookEveryMs, signal).catch(() => {})
        await look().catch((thrown: unknown) => {
          if (!signal.aborted) watch.failures.push(describeThrown(thrown))
        })
      }
    }
    void keepLooking()
    void counters.followEnding(apps, signal)
    return watch
  })
}

export interface ScalingObjects {
  readonly at: number
  readonly autoscalers: readonly Autoscaler[]
  readonly targets: readonly Workload[]
  readonly pods: readonly Pod[]
  readonly metrics: readonly PodMetrics[]
}

/** One sample of each autoscaler that goes by the CPU of a workload that is there. */
export function samplesOf({ at, autoscalers, targets, pods, metrics }: ScalingObjects): ScalingSample[] {
  return autoscalers.flatMap(({ spec, status, metadata: { namespace } }) => {
    const target = targets.find(
      ({ metadata }) => metadata.namespace === namespace && metadata.name === spec.scaleTargetRef.name,
    )
    const targetPercent = spec.metrics?.find(({ resource }) => resource?.name === 'cpu')?.resource?.target
      ?.averageUtilization
    if (target === undefined || targetPercent === undefined) return []
    const own = pods.filter(
      (pod) =>
        pod.metadata.namespace === namespace &&
        hasLabels(pod.metadata.labels, target.spec.selector.matchLabels ?? {}),
    )
    return [
      {
        at,
        target: target.metadata.name,
        minimum: spec.minReplicas ?? 1,
        maximum: spec.maxReplicas,
        targetPercent,
        percent: percentOf(target, own.filter(isReadyPod), metrics),
        desired: status?.desiredReplicas ?? 0,
        pods: own.map((pod) => ({
          name: pod.metadata.name,
          ready: isReadyPod(pod),
          told: pod.metadata.deletionTimestamp !== undefined,
        })),
      },
    ]
  })
}

/** As the autoscaler reckons: what the pods use of what they request; null while the metrics API has none of them. */
function percentOf(target: Workload, pods: readonly Pod[], metrics: readonly PodMetrics[]): number | null {
  const requested = requestedCores(target)
  const measured = metrics.filter(({ metadata }) => pods.some((pod) => pod.metadata.name === metadata.name))
  if (measured.length === 0 || requested === 0) return null
  const used = measured
    .flatMap(({ containers }) => containers)
    .reduce((sum, { usage }) => sum + coresOf(usage.cpu ?? '0'), 0)
  return (100 * used) / (requested * measured.length)
}

/** What one pod of a workload requests. */
export const requestedCores = ({ spec: { template } }: Workload): number =>
  template.spec.containers.reduce((sum, { resources }) => sum + coresOf(resources?.requests?.cpu ?? '0'), 0)

const partsOfOne: Readonly<Record<string, number>> = { n: 1e9, u: 1e6, m: 1e3, '': 1 }

/** A quantity of CPU as Kubernetes writes it: `250m`, `12345678n`, `2`. */
export function coresOf(quantity: string): number {
  const [, number = '', unit = ''] = /^([0-9.]+)([num]?)$/.exec(quantity) ?? []
  return Number(number) / (partsOfOne[unit] ?? Number.NaN)
}
