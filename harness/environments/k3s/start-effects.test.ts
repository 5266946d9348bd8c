import { expect, test } from 'vitest'
import { backendDouble } from '../../core/backend-double.ts'
import { startEffectsOver } from './start-effects.ts'

const config = {
  apps: [{ name: 'frontend' }],
  alerts: { watchdogs: { metrics: 'Watchdog', logs: 'LogsWatchdog' } },
} as never

/** One server for all three: `looks` are what it says one after another, the last one from then on. */
async function stack(
  looks: readonly {
    metrics?: readonly string[]
    logs?: readonly string[]
    accepted?: number
    sent?: number
    spans?: number
    /** The pods of the app that are targets, and those that Prometheus has series of. */
    targets?: readonly string[]
    series?: readonly string[]
  }[],
) {
  let look = 0
  const alertsOf = (names: readonly string[] = []) => ({
    status: 'success',
    data: {
      alerts: names.map((alertname) => ({
        labels: { alertname },
        annotations: {},
        state: 'pending',
        activeAt: '2026-01-01T00:00:00Z',
        value: '1',
      })),
    },
  })
  const server = await backendDouble(({ path }, response) => {
    const now = looks[Math.min(look, looks.length - 1)] ?? {}
    const answer = (body: unknown) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
    const labelsOf = (pod: string) => ({ app: 'frontend', job: 'apps', pod })
    if (path.includes('/api/v1/targets')) {
      answer({
        status: 'success',
        data: { activeTargets: (now.targets ?? ['new']).map((pod) => targetOf(labelsOf(pod))) },
      })
    } else if (path.includes('/api/v1/query')) {
      const result = (now.series ?? ['new']).map((pod) => ({
        metric: labelsOf(pod),
        value: [1_700_000_000, '1'],
      }))
      answer({ status: 'success', data: { resultType: 'vector', result } })
    } else if (path.startsWith('/prometheus/api/v1/alerts')) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(alertsOf(now.metrics)))
    } else if (path.includes('/api/v1/alerts')) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(alertsOf(now.logs)))
    } else {
      look += 1
      response
        .setHeader('content-type', 'text/plain')
        .end(
          `otelcol_receiver_accepted_log_records{receiver="file_log"} ${now.accepted ?? 0}\n` +
            (now.sent === undefined
              ? ''
              : `otelcol_exporter_sent_log_records{exporter="loki"} ${now.sent}\n`) +
            `otelcol_receiver_accepted_spans{receiver="otlp"} ${now.spans ?? 0}\n`,
        )
    }
  })
  return {
    addresses: {
      prometheus: `${server.url}/prometheus`,
      loki: `${server.url}/loki`,
      collectorMetrics: `${server.url}/collector`,
    },
    looks: () => look,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

const targetOf = (labels: Record<string, string>) => ({
  labels,
  scrapePool: 'apps',
  scrapeUrl: `http://${labels.pod}:8080/metrics`,
  health: labels.pod === 'hanging' ? 'down' : 'up',
  lastError: '',
  lastScrape: '2026-01-01T00:00:00Z',
  scrapeInterval: '500ms',
  scrapeTimeout: '500ms',
})

const quiet = { metrics: ['Watchdog'], logs: ['LogsWatchdog'], accepted: 4, sent: 4 }

test('is over at the first look where all is quiet, also where a collector sent what one before it read', async () => {
  await using running = await stack([{ ...quiet, sent: 9 }])
  await startEffectsOver(config, running.addresses, { withinMs: 5_000 })
  expect(running.looks()).toBe(1)
})

test.each([
  [
    'lines that wait for Loki',
    { ...quiet, sent: undefined },
    'the collector has 4 lines that it has not sent',
  ],
  ['spans that wait for Tempo', { ...quiet, spans: 3 }, 'the collector has 3 spans that it has not sent'],
  ['a ruler that has not evaluated', { ...quiet, metrics: [] }, 'Watchdog does not fire yet'],
  ['a log ruler that has not evaluated', { ...quiet, logs: [] }, 'LogsWatchdog does not fire yet'],
  [
    'a pod that was replaced and is a target yet',
    { ...quiet, targets: ['old', 'new'] },
    'knows 2 of one target of frontend, 2 up, and has 1 of one series',
  ],
  [
    'the series of a pod that is gone',
    { ...quiet, series: ['old', 'new'] },
    'knows 1 of one target of frontend, 1 up, and has 2 of one series',
  ],
  [
    'an app that does not answer',
    { ...quiet, targets: ['hanging'] },
    'knows 1 of one target of frontend, 0 up, and has 1 of one series',
  ],
  [
    'an alert of the start',
    { ...quiet, metrics: ['Watchdog', 'CollectorSendFailing'] },
    'CollectorSendFailing is pending',
  ],
])('waits for %s, and says so where it stays', async (_, first, words) => {
  await using passing = await stack([first as never, quiet])
  // `looks` counts the collector's answers; alerts of one look may already be those of the next.
  await startEffectsOver(config, passing.addresses, { withinMs: 5_000 })
  await using staying = await stack([first as never])
  await expect(startEffectsOver(config, staying.addresses, { withinMs: 250 })).rejects.toThrow(words)
})
