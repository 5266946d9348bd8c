import type { Tempo } from '../backends/tempo.ts'
import type { SignalproofConfig } from '../config/config-schema.ts'
import type { RunningEnvironment } from '../environments/contract.ts'
import { allowanceBesideKubernetesMs, allowanceMs } from '../timeline/allowances.ts'
import { parseYamlAnswer } from '../timeline/pipeline-timings.ts'
import { type TraceHopName, traceArrivalBy } from '../timeline/trace-hops.ts'
import { readTraceTimings, type TraceTimings } from '../timeline/trace-timings.ts'

/** As much of a run as timings of spans are read from. */
export interface TracedRun {
  readonly environment: Pick<RunningEnvironment, 'kind' | 'apps' | 'appVariables' | 'collectorConfiguration'>
  readonly config: Pick<SignalproofConfig, 'traces'>
  readonly tempo: Pick<Tempo, 'configYaml'>
  once<T>(name: string, step: () => Promise<T>): Promise<T>
}

/** Timings of spans in the configuration in force: Tempo is asked for its own; apps and collector do not answer with theirs. */
const traceTimingsOf = (run: TracedRun): Promise<TraceTimings> =>
  run.once('live timings of traces', async () => {
    const { environment, config } = run
    return readTraceTimings(
      {
        apps: Object.fromEntries(
          environment.apps.map(({ name }) => [name, environment.appVariables[name] ?? {}]),
        ),
        collector: environment.collectorConfiguration,
        tempo: parseYamlAnswer(await run.tempo.configYaml()),
        exporter: config.traces.collectorExporter,
      },
      environment.kind === 'process' ? allowanceMs : allowanceBesideKubernetesMs,
    )
  })

/** From the answer of a request to the end of a hop of its spans. */
export const traceArrival = async (
  run: TracedRun,
  last: TraceHopName,
): Promise<ReturnType<typeof traceArrivalBy>> => traceArrivalBy(last, await traceTimingsOf(run))
