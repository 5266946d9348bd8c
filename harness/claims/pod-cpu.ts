import { z } from 'zod'
import type { Cluster } from './cluster.ts'
import type { ClusterNode, Pod } from './cluster-objects.ts'
import type { Run } from './run.ts'

const summary = z.object({
  pods: z
    .array(
      z.object({
        podRef: z.object({ name: z.string(), namespace: z.string() }),
        cpu: z.object({ usageCoreNanoSeconds: z.number().optional() }).optional(),
      }),
    )
    .optional(),
})

/**
 * Seconds of CPU that the pods of each component and app have used since their begin, as their kubelets measured last:
 * that is 10 s ago at the most. Empty where the kubelets are not ours to ask, or do not run on our own node.
 */
export async function podCpuSeconds(run: Run): Promise<Record<string, number>> {
  if (run.environment.kubernetes?.nodeContainer === undefined) return {}
  const { clusterOf } = await import('./cluster.ts')
  const cluster = await clusterOf(run)
  const [measured, pods] = await Promise.all([measuredPods(cluster), cluster.all<Pod>('Pod')])
  return secondsByComponent(pods, measured)
}

/** The same of all pods of a namespace together; 0 where nobody says. */
export async function cpuSecondsIn(run: Run, namespace: string): Promise<number> {
  if (run.environment.kubernetes?.nodeContainer === undefined) return 0
  const { clusterOf } = await import('./cluster.ts')
  const own = (await measuredPods(await clusterOf(run))).filter(
    ({ podRef }) => podRef.namespace === namespace,
  )
  return own.reduce((sum, { cpu }) => sum + (cpu?.usageCoreNanoSeconds ?? 0) / 1e9, 0)
}

async function measuredPods(cluster: Cluster): Promise<MeasuredPod[]> {
  const nodes = await cluster.nodes<ClusterNode>()
  const answers = await Promise.all(
    nodes.map(({ metadata: { name } }) =>
      cluster.api.raw('GET', `/api/v1/nodes/${name}/proxy/stats/summary`),
    ),
  )
  return answers.flatMap(({ status, data }) => (status === 200 ? (summary.parse(data).pods ?? []) : []))
}

type MeasuredPod = NonNullable<z.output<typeof summary>['pods']>[number]

/** Pods of one component are taken together; one without a name of a component goes by its own. */
export function secondsByComponent(
  pods: readonly Pod[],
  measured: readonly MeasuredPod[],
): Record<string, number> {
  const seconds: Record<string, number> = {}
  for (const { metadata } of pods) {
    const own = measured.find(
      ({ podRef }) => podRef.name === metadata.name && podRef.namespace === metadata.namespace,
    )
    const used = own?.cpu?.usageCoreNanoSeconds
    if (used === undefined) continue
    const component = metadata.labels?.['app.kubernetes.io/name'] ?? metadata.name
    seconds[component] = (seconds[component] ?? 0) + used / 1e9
  }
  return seconds
}
