import {
  type ApiService,
  type Autoscaler,
  conditionOf,
  isLive,
  nameOf,
  type Pod,
  type PodMetrics,
  type Workload,
} from './cluster-objects.ts'

/** Whether the metrics API answers for every pod, and whether the autoscalers can scale by it. */

/** Why the metrics API says nothing, in words; empty where it is available. */
export function unavailableApi(service: ApiService | undefined): string[] {
  if (service === undefined)
    return ['there is no APIService v1beta1.metrics.k8s.io: is metrics-server there?']
  const available = conditionOf(service.status?.conditions, 'Available')
  if (available?.status === 'True') return []
  const why = [available?.reason, available?.message].filter(Boolean).join(': ')
  return [`${service.metadata.name} is not Available${why === '' ? '' : ` (${why})`}`]
}

/** Running pods of workloads of which the metrics API has nothing. One that a run makes for a moment has no owner. */
export function unmeasuredPods(pods: readonly Pod[], metrics: readonly PodMetrics[]): string[] {
  const key = ({ metadata: { namespace, name } }: Pod | PodMetrics) => `${namespace}/${name}`
  const measured = new Map(metrics.map((one) => [key(one), one]))
  return pods
    .filter(
      (pod) =>
        isLive(pod) && pod.status?.phase === 'Running' && (pod.metadata.ownerReferences ?? []).length > 0,
    )
    .flatMap((pod) => {
      const seen = measured.get(key(pod))
      if (seen === undefined) return [key(pod)]
      const without = pod.spec.containers.filter(
        ({ name }) => seen.containers.find((container) => container.name === name)?.usage.cpu === undefined,
      )
      return without.map(({ name }) => `${key(pod)} ${name}`)
    })
}

export interface Unscalable {
  readonly reason: string
  /** No metric that arrives later makes it well. */
  readonly isFinal: boolean
}

/** Autoscalers that cannot scale, each with the reason. */
export function unscalable(autoscalers: readonly Autoscaler[], targets: readonly Workload[]): Unscalable[] {
  return autoscalers.flatMap((autoscaler) => {
    const { scaleTargetRef, metrics = [] } = autoscaler.spec
    const target = targets.find(
      ({ kind, metadata }) =>
        kind === scaleTargetRef.kind &&
        metadata.namespace === autoscaler.metadata.namespace &&
        metadata.name === scaleTargetRef.name,
    )
    const about = (reason: string, isFinal: boolean) => [
      { reason: `${nameOf(autoscaler)}: ${reason}`, isFinal },
    ]
    if (target === undefined)
      return about(`its target ${scaleTargetRef.kind} ${scaleTargetRef.name} is not there`, true)
    // Named from the manifest: the controller says so only at its next round.
    const lacking = metrics.flatMap(({ resource }) =>
      resource === undefined
        ? []
        : target.spec.template.spec.containers
            .filter(({ resources }) => resources?.requests?.[resource.name] === undefined)
            .map(({ name }) => `container ${name} of ${nameOf(target)} requests no ${resource.name}`),
    )
    if (lacking.length > 0)
      return about(`${lacking.join('; ')}, so that there is nothing to be a percentage of`, true)
    const active = conditionOf(autoscaler.status?.conditions, 'ScalingActive')
    if (active?.status !== 'True') {
      const why = [active?.reason, active?.message].filter(Boolean).join(': ')
      return about(
        `ScalingActive is ${active?.status ?? 'not said yet'}${why === '' ? '' : ` (${why})`}`,
        false,
      )
    }
    const without = metrics.filter(
      (metric) =>
        !(autoscaler.status?.currentMetrics ?? []).some(
          ({ resource }) =>
            resource?.name === metric.resource?.name &&
            (resource?.current.averageUtilization ?? resource?.current.averageValue) !== undefined,
        ),
    )
    return without.length === 0
      ? []
      : about(
          `no current value of ${without.map(({ resource, type }) => resource?.name ?? type).join(', ')}`,
          false,
        )
  })
}

/** kube-controller-manager --horizontal-pod-autoscaler-tolerance, its default: so near to its target nothing is changed. */
const tolerance = 0.1

/**
 * How many pods an autoscaler's current utilization asks for; undefined while it has no current value.
 * ceil(replicas × current ÷ target), the most that any metric asks for, within its bounds
 * (kubernetes.io, Horizontal Pod Autoscaling, algorithm details).
 */
export function replicasAskedFor({ spec, status }: Autoscaler): number | undefined {
  const replicas = status?.currentReplicas
  if (replicas === undefined || replicas === 0) return undefined
  const asked = (spec.metrics ?? []).map(({ resource }) => {
    const target = resource?.target?.averageUtilization
    const current = (status?.currentMetrics ?? []).find((one) => one.resource?.name === resource?.name)
      ?.resource?.current.averageUtilization
    if (target === undefined || current === undefined) return undefined
    const ratio = current / target
    return Math.abs(ratio - 1) <= tolerance ? replicas : Math.ceil(replicas * ratio)
  })
  const known = asked.filter((count) => count !== undefined)
  if (known.length === 0 || known.length < asked.length) return undefined
  return Math.min(spec.maxReplicas, Math.max(spec.minReplicas ?? 1, ...known))
}

/** `2%` of each autoscaler, for a reader. */
export const describeUtilization = (autoscalers: readonly Autoscaler[]): string =>
  autoscalers
    .map(({ metadata, status }) => {
      const values = (status?.currentMetrics ?? []).map(({ resource }) =>
        resource?.current.averageUtilization === undefined
          ? resource?.current.averageValue
          : `${resource.name} ${resource.current.averageUtilization} %`,
      )
      return `${metadata.name} ${values.join(', ')}`
    })
    .join('; ')
