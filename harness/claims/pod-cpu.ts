import { z } from 'zod'
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
  const [nodes, pods] = await Promise.all([cluster.nodes<ClusterNode>(), cluster.all<Pod>('Pod')])
  const answers = await Promise.all(
    nodes.map(({ metadata: { name } }) =>
      cluster.api.raw('GET', `/api/v1/nodes/${name}/proxy/stats/summary`),
    ),
  )
  const measured = answers.flatMap(({ status, data }) =>
    status === 200 ? (summary.parse(data).pods ?? []) : [],
  )
  return secondsByComponent(pods, measured)
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
