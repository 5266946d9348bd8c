import { Loki } from '../../backends/loki.ts'
import { parseMetric } from '../../backends/metrics-page.ts'
import { Prometheus } from '../../backends/prometheus.ts'
import type { SignalproofConfig } from '../../config/config-schema.ts'
import { eventually, found, notYet } from '../../core/eventually.ts'
import { send } from '../../core/http.ts'

/**
 * Everything starts at once here, so what is up early meets what is not: a collector has lines before Loki takes any, and
 * comes back for them seconds after Loki is ready; the same goes for spans and Tempo. An alert about that is true, and over
 * before anybody makes a fault. After a roll-out the pod that was replaced is scraped until discovery has heard of its end.
 */

/** Where the stack says what its start set off. */
export interface StartAddresses {
  readonly prometheus: string
  readonly loki: string
  readonly collectorMetrics: string
}

/**
 * Waits until both rulers evaluate, no alert is there but the watchdogs, each app has one target that answers and series
 * of no other, and the collector has sent all that it took in.
 * @throws SignalproofError WAIT_TIMEOUT with what is not over
 */
export async function startEffectsOver(
  { alerts, apps }: Pick<SignalproofConfig, 'alerts' | 'apps'>,
  addresses: StartAddresses,
  { withinMs, signal }: { withinMs: number; signal?: AbortSignal | undefined },
): Promise<void> {
  const rulers = { prometheus: new Prometheus(addresses.prometheus), loki: new Loki(addresses.loki) }
  const watchdogs: readonly string[] = Object.values(alerts.watchdogs)
  await eventually(
    'what the start set off to be over',
    async (lookSignal) => {
      const [left, targets, ...heard] = await Promise.all([
        unsent(addresses.collectorMetrics, lookSignal),
        strayTargets(rulers.prometheus, apps, lookSignal),
        rulers.prometheus.alerts(lookSignal),
        rulers.loki.alerts(lookSignal),
      ])
      const seen = heard.flat()
      const names = new Set(seen.map(({ labels }) => labels.alertname))
      const waits = [
        ...left.map((what) => `the collector has ${what} that it has not sent`),
        ...targets,
        ...watchdogs.filter((name) => !names.has(name)).map((name) => `${name} does not fire yet`),
        ...seen
          .filter(({ labels }) => !watchdogs.includes(labels.alertname ?? ''))
          .map(({ labels, state }) => `${labels.alertname} is ${state}`),
      ]
      return waits.length === 0 ? found(undefined) : notYet(waits.join(', '))
    },
    { withinMs, everyMs: 100, signal, remedy: 'look at the logs of the collector and of Loki' },
  )
}

/** Apps that Prometheus does not see as one pod that answers, in words. */
async function strayTargets(
  prometheus: Prometheus,
  apps: SignalproofConfig['apps'],
  signal: AbortSignal,
): Promise<string[]> {
  const [targets, series] = await Promise.all([
    prometheus.targets(signal),
    prometheus.query('up{app!=""}', { signal }),
  ])
  return apps.flatMap(({ name }) => {
    const known = targets.filter(({ labels }) => labels.app === name)
    const up = known.filter(({ health }) => health === 'up').length
    const scraped = series.filter(({ labels }) => labels.app === name).length
    return known.length === 1 && up === 1 && scraped === 1
      ? []
      : [
          `Prometheus knows ${known.length} of one target of ${name}, ${up} up, and has ${scraped} of one series of it`,
        ]
  })
}

/** What the collector calls the records of each signal that it takes in. */
const records = { lines: 'log_records', spans: 'spans' }

/** How many of each are not sent, in words; a new collector may have sent more than it took, which one before it had read. */
async function unsent(url: string, signal: AbortSignal): Promise<string[]> {
  const { data } = await send({ backend: 'the collector', url: `${url}/metrics`, signal })
  const total = (metric: string) =>
    parseMetric(String(data), metric).reduce((sum, { value }) => sum + value, 0)
  return Object.entries(records).flatMap(([what, name]) => {
    const left = total(`otelcol_receiver_accepted_${name}`) - total(`otelcol_exporter_sent_${name}`)
    return left <= 0 ? [] : [`${left} ${what}`]
  })
}
