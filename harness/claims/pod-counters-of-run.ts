import type { SignalproofConfig } from '../config/config-schema.ts'
import type { RunOnCluster } from './cluster.ts'
import type { AppOnPods, PodCounters } from './pod-counters.ts'

/** The counts of one run's apps, remembered from its first look on. */
export const podCountersOf = (
  run: RunOnCluster & { readonly config: SignalproofConfig },
): Promise<PodCounters> =>
  run.once('counts of pods', async () => {
    // What only runs on a cluster need is loaded by them alone.
    const [{ clusterOf }, counters] = await Promise.all([import('./cluster.ts'), import('./pod-counters.ts')])
    const { api } = await clusterOf(run)
    return new counters.PodCounters(api, (page) =>
      counters.answersOn(page, run.config.metrics.requestsCounter),
    )
  })

export const appsOnPods = ({ environment }: Pick<RunOnCluster, 'environment'>): AppOnPods[] =>
  environment.apps.flatMap(({ name, namespace, pods }) =>
    pods === undefined ? [] : [{ name, namespace, pods }],
  )
