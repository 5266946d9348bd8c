import {
  type Autoscaler,
  allowanceMs,
  answerMs,
  autoscalerSyncOf,
  type BreakableApp,
  type Cluster,
  clusterOf,
  endMs,
  epochMs,
  eventually,
  found,
  housekeepingMs,
  metricsResolutionMs,
  notYet,
  type Run,
  replicasAskedFor,
  requestedCores,
  type ScaleUp,
  type ScalingSample,
  scaleUpIn,
  startMs,
  story,
  systemNamespace,
  type WorkSample,
  type WorstCases,
  watchScaling,
  workOf,
} from '../../harness/test.ts'
import { lookAround, type SeenEnd } from './ended-pods.ts'

/** Pods that an autoscaler makes under a load, and ends when it is over. */

export interface SeenScaling {
  readonly ups: readonly ScaleUp[]
  readonly samples: readonly ScalingSample[]
}

/** What every autoscaler of the apps did because of the load, to the end: one that has begun has the time that it may take. */
export const scaledUp = story('scaling up', async (run: Run): Promise<SeenScaling> => {
  const cluster = await clusterOf(run)
  const watch = await watchScaling(run)
  const targets = [...new Set((watch?.samples ?? []).map(({ target }) => target))]
  if (watch === null || targets.length === 0)
    throw new Error(
      `expected looks at the autoscalers of the apps, seen: ${watch?.failures.at(-1) ?? 'none'}`,
    )
  const worstCases = new Map(
    await Promise.all(
      targets.map(async (target): Promise<[string, WorstCases]> => {
        const { template } = (await cluster.workloadOf(target)).spec
        const metricMs = housekeepingMs + 2 * (await resolutionMs(cluster))
        const startsInMs = startMs(template)
        return [
          target,
          {
            metricMs,
            syncMs: autoscalerSyncOf(run.environment),
            startMs: startsInMs,
            allowanceMs: allowanceMs + answerMs,
          },
        ]
      }),
    ),
  )
  const { value } = await eventually(
    'every autoscaler at the end of what it began',
    async () => {
      const samples = [...watch.samples]
      const ups = await Promise.all(
        [...worstCases].map(async ([target, worst]) => {
          const own = samples.filter((sample) => sample.target === target)
          return scaleUpIn(own, worst, await workIn(run, cluster, own))
        }),
      )
      const begun = ups.flatMap((up) => (up.kind === 'under-way' ? [up.why] : []))
      return begun.length === 0 ? found({ ups, samples }) : notYet(begun.join('; '))
    },
    {
      // Each ends by itself, as scaled or as missed, once it had its time.
      withinMs: Math.max(...[...worstCases.values()].map(longestMs)),
      everyMs: 250,
      remedy: 'kubectl describe hpa; are there looks at it at all?',
      signal: run.signal,
    },
  )
  return value
})

/** What the pods that an autoscaler began with worked, by their own counters, in windows as the metrics API has them. */
async function workIn(run: Run, cluster: Cluster, samples: readonly ScalingSample[]): Promise<WorkSample[]> {
  const [first] = samples
  if (first === undefined) return []
  const { target, pods } = first
  const workload = await cluster.workloadOf(target)
  const windowMs = await resolutionMs(cluster)
  const names = pods.map(({ name }) => name).join('|')
  const { namespace } = workload.metadata
  const series = await run.prometheus.samples(
    `process_cpu_seconds_total{namespace="${namespace}", app="${target}", pod=~"${names}"}`,
    epochMs() - first.at + 2 * windowMs,
    { signal: run.signal },
  )
  return workOf(series, { requestedCores: requestedCores(workload), windowMs })
}

/** The metric may have crossed its limit with the last look, and then the autoscaler may ask as late as it may. */
const longestMs = ({ syncMs, startMs: startsInMs, allowanceMs: each }: WorstCases): number =>
  syncMs + startsInMs + 3 * each

export interface SeenScaleDown extends SeenEnd {
  readonly before: number
  readonly after: number
}

/** The load is over and ordinary traffic goes on while the pods that it made are ended. */
export const scaledDown = story('scaling down', async (run: Run): Promise<SeenScaleDown> => {
  const { ups } = await scaledUp(run)
  const targets = ups.flatMap((up) => (up.kind === 'scaled' ? [up.target] : []))
  const app = run.breakableApps().find(({ name }) => targets.includes(name))
  if (app === undefined)
    throw new Error(
      `expected an app that was scaled up and gets traffic, seen: ${targets.join(', ') || 'none'}`,
    )
  const cluster = await clusterOf(run)
  const autoscaler = await autoscalerOf(cluster, app)
  const before = await podCount(cluster, app)
  const minimum = autoscaler.spec.minReplicas ?? 1
  if (before <= minimum) throw new Error(`expected more than ${minimum} pods of ${app.name}, seen: ${before}`)
  const { template } = (await cluster.workloadOf(app.name)).spec
  // What the metrics API says is of the load for so long.
  const settledMs = housekeepingMs + 2 * (await resolutionMs(cluster))
  // The metric falls, what the autoscaler remembers grows old, it looks again, and the pods have their time to end.
  const withinMs =
    settledMs +
    1000 * (autoscaler.spec.behavior?.scaleDown?.stabilizationWindowSeconds ?? defaultStabilizationSeconds) +
    2 * autoscalerSyncOf(run.environment) +
    endMs(template)
  const end = await lookAround(run, app, async () => {
    const settledAt = epochMs() + settledMs
    await eventually(
      `fewer pods of ${app.name} than ${before}, and no more than its autoscaler asks for`,
      async () => {
        const now = await podCount(cluster, app)
        const asked = replicasAskedFor(await autoscalerOf(cluster, app))
        // Ordinary traffic may need more than the least.
        const isEnough = now === minimum || (epochMs() >= settledAt && asked !== undefined && now <= asked)
        return now < before && isEnough
          ? found(now)
          : notYet(`${now} pods, and it asks for ${asked ?? 'a number that nobody knows yet'}`)
      },
      {
        withinMs: withinMs + allowanceMs + answerMs,
        everyMs: 250,
        remedy: `kubectl -n ${app.namespace} describe hpa ${app.name}`,
        signal: run.signal,
      },
    )
  })
  return { ...end, before, after: await podCount(cluster, app) }
})

/** kube-controller-manager --horizontal-pod-autoscaler-downscale-stabilization, its default. */
const defaultStabilizationSeconds = 300

async function autoscalerOf(cluster: Cluster, { name, namespace }: BreakableApp): Promise<Autoscaler> {
  const all = await cluster.all<Autoscaler>('HorizontalPodAutoscaler', [namespace])
  const own = all.find(({ spec }) => spec.scaleTargetRef.name === name)
  if (own === undefined) throw new Error(`expected an autoscaler of ${name}, seen: none`)
  return own
}

/** Those included that are about to end. */
async function podCount(cluster: Cluster, { name, namespace }: BreakableApp): Promise<number> {
  const { matchLabels = {} } = (await cluster.workloadOf(name)).spec.selector
  const labelSelector = Object.entries(matchLabels)
    .map(([label, value]) => `${label}=${value}`)
    .join(',')
  return (await cluster.api.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector })).length
}

async function resolutionMs(cluster: Cluster): Promise<number> {
  const own = (await cluster.workloads([systemNamespace])).find(
    ({ metadata }) => metadata.name === 'metrics-server',
  )
  if (own === undefined) throw new Error('expected a Deployment metrics-server, seen: none')
  return metricsResolutionMs(own.spec.template)
}
