import { expect, test } from 'vitest'
import { readMetric } from '../../backends/metrics-page.ts'
import { countAt, startStandInExporter } from './stand-in-exporter.ts'

const traffic = { ratePerSecond: 100, errorRatio: 0.16 }

test('counts are whole, exact, and fail only between the first and the last error', () => {
  const clock = { startedAt: 0, errorsFrom: 10_000, errorsTo: 20_000 }
  expect(countAt(traffic, clock, 10_000)).toEqual({ all: 1000, failed: 0 })
  expect(countAt(traffic, clock, 15_000)).toEqual({ all: 1500, failed: 80 })
  expect(countAt(traffic, clock, 15_003)).toEqual({ all: 1500, failed: 80 })
  expect(countAt(traffic, clock, 30_000)).toEqual({ all: 3000, failed: 160 })
})

test('the page has the counters of every stand-in, with the labels of an app', async () => {
  const cases = ['one', 'two'].map((service) => ({ service, what: service, ...traffic, errorRatio: 1 }))
  await using exporter = await startStandInExporter(cases, 'apps')
  exporter.beginErrors()
  const samples = await readMetric('stand-ins', `http://127.0.0.1:${exporter.port}`, 'http_requests_total')
  expect(samples.map(({ labels }) => `${labels.namespace}/${labels.app} ${labels.status}`)).toEqual([
    'apps/one 200',
    'apps/one 500',
    'apps/two 200',
    'apps/two 500',
  ])
  // Far from 0, below which `rate` would not extrapolate.
  expect(Math.min(...samples.map(({ value }) => value))).toBeGreaterThan(1_000_000)
})
