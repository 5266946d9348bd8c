import { formatDuration } from '../../core/prometheus-duration.ts'
import { readCounterSelector } from '../counter-selector.ts'
import { type Objective, pairsOf } from '../objective.ts'
import { placeOf } from './document-paths.ts'
import { type Finding, findingAt } from './finding.ts'

/** How often Prometheus looks, and for how long it remembers. */
export interface StoreTimings {
  readonly retentionMs: number
  /** By the scrape job; at least one. */
  readonly scrapeIntervalsMs: Readonly<Record<string, number>>
}

/**
 * So many scrapes a window needs: rate() takes two, and one of them may be missed or late at either end. Also the practice
 * that Prometheus' own documentation of rate() comes to.
 */
const scrapesPerWindow = 4

/** Windows with fewer scrapes than a rate needs, or longer than what is kept: those answer, but about something else. */
export function windowCoverage(objective: Objective, timings: StoreTimings): Finding[] {
  const { retentionMs } = timings
  const [job, everyMs] = scrapedEvery(objective, timings)
  const period = (said: Pick<Finding, 'expected' | 'seen' | 'remedy'>) =>
    findingAt('uncarried-window', objective, placeOf.period, said)
  const kept = formatDuration(retentionMs)
  const tooLong =
    objective.periodMs > retentionMs
      ? [
          period({
            expected: `a period that Prometheus keeps: at most ${kept} (storage.tsdb.retention.time)`,
            seen: formatDuration(objective.periodMs),
            remedy: `storage.tsdb.retention.time above ${formatDuration(objective.periodMs)} in manifests/prometheus/flags.yaml`,
          }),
        ]
      : []
  return [
    ...tooLong,
    ...pairsOf(objective).flatMap(({ severity, longWindow, shortWindow, longMs, shortMs }) => {
      const found: Finding[] = []
      const alert = `the ${severity} of ${longWindow}/${shortWindow}`
      if (longMs > retentionMs) {
        found.push(
          period({
            expected: `windows that Prometheus keeps: at most ${kept} (storage.tsdb.retention.time)`,
            seen: `${longWindow} for ${alert}`,
            remedy: `storage.tsdb.retention.time above ${longWindow} in manifests/prometheus/flags.yaml`,
          }),
        )
      }
      if (shortMs < scrapesPerWindow * everyMs) {
        found.push(
          period({
            expected: `windows of at least ${scrapesPerWindow} scrapes, ${formatDuration(scrapesPerWindow * everyMs)}: ${job} is scraped every ${formatDuration(everyMs)}`,
            seen: `${shortWindow} for ${alert}`,
            remedy: `a scrape_interval of at most ${formatDuration(shortMs / scrapesPerWindow)} for ${job}`,
          }),
        )
      }
      return found
    }),
  ]
}

/** Of the job that the selector names; where it names none, of the one that is looked at least often. */
function scrapedEvery(
  { total }: Objective,
  { scrapeIntervalsMs }: StoreTimings,
): readonly [job: string, everyMs: number] {
  const jobs = Object.entries(scrapeIntervalsMs).sort(([, a], [, b]) => b - a)
  const named = readCounterSelector(total)?.equalities.job
  const found = jobs.find(([job]) => job === named) ?? jobs[0]
  if (found === undefined) throw new Error('Prometheus has no scrape job')
  return [`the job ${found[0]}`, found[1]]
}
