import type { Options } from 'k6/options'
import { type SummaryData, writeFigures } from './figures.ts'
import { countedApart, sender, systemTags } from './requests.ts'
import { readSettings, type Settings } from './settings.ts'
import { arrivals, plannedIterations, type Shape } from './shape.ts'

/** What a workload file exports under k6's names. */
interface Workload {
  readonly settings: Settings
  readonly options: Options
  readonly send: () => void
  readonly handleSummary: (data: SummaryData) => Record<string, string>
}

interface WorkloadTraits {
  readonly shape: Shape
  readonly defaultSeconds: number
  /** Ends the run as soon as a threshold is broken. */
  readonly endsWhenBroken?: boolean
}

/** A workload in the open model, from the course of its rate. */
export function workload({ shape, defaultSeconds, endsWhenBroken = false }: WorkloadTraits): Workload {
  const settings = readSettings(defaultSeconds)
  const judged = (threshold: string) => [
    { threshold, abortOnFail: endsWhenBroken, delayAbortEval: '10s' as const },
  ]
  return {
    settings,
    options: {
      ...commonOptions(settings),
      scenarios: { load: arrivals(shape, settings) },
      thresholds: {
        ...countedApart(settings.routes),
        http_req_failed: judged('rate<0.01'),
        http_req_duration: judged('p(95)<300'),
      },
    },
    send: sender(settings),
    handleSummary: (data) =>
      writeFigures(data, settings, endsWhenBroken ? null : plannedIterations(shape, settings)),
  }
}

/** What every workload of ours has in common, also one with an executor of its own. */
export const commonOptions = ({ routes }: Settings): Options => ({
  discardResponseBodies: true,
  systemTags: [...systemTags],
  summaryTrendStats: ['avg', 'med', 'max', 'p(95)', 'p(99)'],
  thresholds: countedApart(routes),
})
