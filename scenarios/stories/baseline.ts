import {
  allowanceMs,
  epochMs,
  eventually,
  found,
  holds,
  notYet,
  type Run,
  story,
} from '../../harness/test.ts'
import { standInApps } from './stand-ins.ts'

/**
 * While all is well, only the alerts that always fire are there: held for one scrape and one evaluation of every rule,
 * so that each has seen good traffic. What a component's own start set off may first run out. No fault is made before,
 * and from here on every alert of the run is remembered.
 */
export const baseline = story('baseline', async (run: Run) => {
  const { firstSequence } = await run.started()
  // Pods that start take the cores, and a scrape that misses its time is an alert: they are there before all is quiet.
  if (run.can('written-logs') && run.uses.has('written-logs')) await Promise.allSettled([standInApps(run)])
  const { longestScrapeIntervalMs, rules } = await run.timings()
  const remedy = 'an alert fires or is pending without a fault: look at its expression'
  const oneRoundMs =
    longestScrapeIntervalMs +
    Math.max(...rules.map(({ evaluationIntervalMs }) => evaluationIntervalMs)) +
    allowanceMs
  const quiet = async (signal: AbortSignal) => {
    const alerts = (await Promise.all([run.prometheus.alerts(signal), run.loki.alerts(signal)])).flat()
    const others = alerts.filter(
      ({ labels }) => !Object.values(run.config.alerts.watchdogs).includes(labels.alertname ?? ''),
    )
    return others.length === 0
      ? found(0)
      : notYet(
          others
            .map(
              ({ labels, state }) =>
                `${labels.alertname} of ${labels.app ?? labels.job ?? 'no app'} is ${state}`,
            )
            .join(', '),
        )
  }
  await eventually('no alert but those that always fire', quiet, {
    withinMs: oneRoundMs,
    remedy,
    signal: run.signal,
  }).finally(() => run.alertWatch.start(epochMs(), firstSequence))
  await holds('no alert but those that always fire', quiet, { forMs: oneRoundMs, remedy, signal: run.signal })
  return { heldMs: oneRoundMs }
})

/** For stories: the fault comes after the baseline, whatever that was; alerts.baseline-quiet judges it. */
export const afterBaseline = async (run: Run): Promise<void> => {
  await Promise.allSettled([baseline(run)])
}
