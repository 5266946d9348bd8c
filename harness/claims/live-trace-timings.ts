import { allowanceBesideKubernetesMs, allowanceMs } from '../timeline/allowances.ts'
import { parseYamlAnswer } from '../timeline/pipeline-timings.ts'
import { type TraceHopName, traceArrivalBy } from '../timeline/trace-hops.ts'
import { readTraceTimings, type TraceTimings } from '../timeline/trace-timings.ts'
import type { LookOptions, Run } from './run.ts'

/** Timings of spans in the configuration in force: Tempo is asked for its own; apps and collector do not answer with theirs. */
export const traceTimingsOf = (run: Run): Promise<TraceTimings> =>
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
export const traceArrival = async (run: Run, last: TraceHopName): Promise<LookOptions> =>
  traceArrivalBy(last, await traceTimingsOf(run))
