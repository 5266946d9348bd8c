import {
  type Autoscaler,
  allowanceMs,
  answerMs,
  autoscalerSyncMs,
  type BreakableApp,
  type Cluster,
  clusterOf,
  endMs,
  eventually,
  found,
  housekeepingMs,
  metricsResolutionMs,
  notYet,
  type Run,
  type ScaleUp,
  type ScalingSample,
  scaleUpIn,
  startMs,
  story,
  systemNamespace,
  watchScaling,
} from '../../harness/test.ts'
import { lookAround, type SeenEnd } from './ended-pods.ts'

/** Pods that an autoscaler makes under a load, and ends when it is over. */

export interface SeenScaling {
  readonly ups: readonly ScaleUp[]
  readonly samples: readonly ScalingSample[]
}

/** What every autoscaler of the apps did while the load was on. */
export const scaledUp = story('scaling up', async (run: Run): Promise<SeenScaling> => {
  const cluster = await clusterOf(run)
  const watch = await watchScaling(run)
  const samples = [...(watch?.samples ?? [])]
  const byTarget = Map.groupBy(samples, ({ target }) => target)
  if (byTarget.size === 0)
    throw new Error(
      `expected looks at the autoscalers of the apps, seen: ${watch?.failures.at(-1) ?? 'none'}`,
    )
  const ups = await Promise.all(
    [...byTarget].map(async ([target, own]) =>
      scaleUpIn(own, {
        syncMs: autoscalerSyncMs,
        startMs: startMs((await cluster.workloadOf(target)).spec.template),
        allowanceMs: allowanceMs + answerMs,
      }),
    ),
  )
  return { ups, samples }
})

export interface SeenScaleDown extends SeenEnd {
  readonly before: number
  readonly after: number
}

/** The load is over and ordinary traffic goes on while the pods that it made are ended. */
export const scaledDown = story('scaling down', async (run: Run): Promise<SeenScaleDown> => {
  const { ups } = await scaledUp(run)
  const [up] = ups.filter(({ kind }) => kind === 'scaled')
  const app = run.breakableApps().find(({ name }) => name === up?.target)
  if (app === undefined)
    throw new Error(`expected an app that was scaled up and gets traffic, seen: ${up?.target ?? 'none'}`)
  const cluster = await clusterOf(run)
  const autoscaler = await autoscalerOf(cluster, app)
  const before = await podCount(cluster, app)
  const minimum = autoscaler.spec.minReplicas ?? 1
  if (before <= minimum) throw new Error(`expected more than ${minimum} pods of ${app.name}, seen: ${before}`)
  const { template } = (await cluster.workloadOf(app.name)).spec
  // The metric falls, what the autoscaler remembers grows old, it looks again, and the pods have their time to end.
  const withinMs =
    housekeepingMs +
    2 * (await resolutionMs(cluster)) +
    1000 * (autoscaler.spec.behavior?.scaleDown?.stabilizationWindowSeconds ?? defaultStabilizationSeconds) +
    2 * autoscalerSyncMs +
    endMs(template)
  const end = await lookAround(run, app, async () => {
    await eventually(
      `${minimum} ${minimum === 1 ? 'pod' : 'pods'} of ${app.name}`,
      async () => {
        const now = await podCount(cluster, app)
        return now === minimum ? found(now) : notYet(`${now} pods`)
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
