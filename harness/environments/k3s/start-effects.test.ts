import { expect, test } from 'vitest'
import { backendDouble } from '../../core/backend-double.ts'
import { startEffectsOver } from './start-effects.ts'

const config = { alerts: { watchdogs: { metrics: 'Watchdog', logs: 'LogsWatchdog' } } } as never

/** One server for all three: `looks` are what it says one after another, the last one from then on. */
async function stack(
  looks: readonly {
    metrics?: readonly string[]
    logs?: readonly string[]
    accepted?: number
    sent?: number
    spans?: number
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
    if (path.startsWith('/prometheus/api/v1/alerts')) {
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
