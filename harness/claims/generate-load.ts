import { join } from 'node:path'
import { runK6 } from '../load/k6/run-k6.ts'
import { loadOnKubernetes } from '../load/kubernetes/render-load.ts'
import { hasLoadOperator, runInCluster } from '../load/kubernetes/run-in-cluster.ts'
import type { GeneratorFigures, LoadRoute } from '../load/load-figures.ts'
import { processCpuSeconds } from '../load/system-cpu.ts'
import { loadOf } from './load-seed.ts'
import { cpuSecondsIn, podCpuSeconds } from './pod-cpu.ts'
import type { Run } from './run.ts'

/**
 * Sends the load that was asked for through the ingress of a run; where it stands is told once a second. The generator's
 * log and figures lie in the run's folder, below k6/.
 * @throws the reason for which the run ended
 */
export async function generateLoad(run: Run, routes: readonly LoadRoute[]): Promise<GeneratorFigures> {
  const { environment, config, seed, signal } = run
  const { request, k6Path } = loadOf(run)
  const { script, ratePerSecond, durationMs, as, runners } = request
  if (as !== 'process') {
    const { clusterOf } = await import('./cluster.ts')
    const load = loadOnKubernetes({ project: run, script, ratePerSecond, durationMs, runId: seed.runId })
    return await runInCluster({
      api: (await clusterOf(run)).api,
      load,
      as,
      runners,
      folder: join(seed.folder, 'k6'),
      signal,
      systemCpuSeconds: () => podCpuSeconds(run),
      cpuSecondsIn: (namespace) => cpuSecondsIn(run, namespace),
    })
  }
  return await runK6({
    script,
    routes,
    ratePerSecond,
    durationMs,
    k6Path,
    url: environment.addresses.ingress,
    host: config.ingress.host,
    runId: seed.runId,
    folder: join(seed.folder, 'k6'),
    signal,
    onProgress: (progress) => run.record.tell({ kind: 'load-progress', progress }),
    systemCpuSeconds: () =>
      environment.kubernetes === undefined ? processCpuSeconds(environment) : podCpuSeconds(run),
  })
}

/** Why the load that was asked for cannot be made here; undefined where it can. */
export async function whyNoLoad(run: Run): Promise<string | undefined> {
  if (loadOf(run).request.as !== 'testrun') return undefined
  const { clusterOf } = await import('./cluster.ts')
  return (await hasLoadOperator((await clusterOf(run)).api))
    ? undefined
    : 'k6-operator is not installed in this cluster: it has no testruns.k6.io'
}
