import { expect, test } from 'vitest'
import { SettingsError } from '../src/service-settings.ts'
import { readTracingSettings } from '../src/tracing-settings.ts'

const read = (env: Record<string, string>) => readTracingSettings('app', env)

test('exports nothing, continues traces and keeps all unless told otherwise', () => {
  expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_PROPAGATORS: '' })).toEqual({
    serviceName: 'app',
    resourceAttributes: {},
    endpoint: undefined,
    propagates: true,
    sampler: { name: 'parentbased_always_on', ratio: 1, isDefault: true },
    batch: { scheduleDelayMs: 5000, maxQueueSize: 2048, maxExportBatchSize: 512 },
  })
})

test('reads every variable', () => {
  expect(
    read({
      OTEL_SERVICE_NAME: 'frontend-b',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=unused, service.namespace=apps,note=a%2Cb%3D1',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
      OTEL_PROPAGATORS: 'none',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_BSP_MAX_QUEUE_SIZE: '100',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10',
    }),
  ).toEqual({
    serviceName: 'frontend-b',
    resourceAttributes: { 'service.namespace': 'apps', note: 'a,b=1' },
    endpoint: new URL('http://collector:4318/v1/traces'),
    propagates: false,
    sampler: { name: 'parentbased_traceidratio', ratio: 0.25, isDefault: false },
    batch: { scheduleDelayMs: 50, maxQueueSize: 100, maxExportBatchSize: 10 },
  })
})

test.each([
  ['http://collector:4318/', 'http://collector:4318/v1/traces'],
  ['https://host/otlp', 'https://host/otlp/v1/traces'],
  ['https://host/otlp/', 'https://host/otlp/v1/traces'],
])('spans are posted below %s', (base, url) => {
  expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: base }).endpoint?.href).toBe(url)
})

test('a name among the resource attributes counts where OTEL_SERVICE_NAME is not set', () => {
  expect(read({ OTEL_RESOURCE_ATTRIBUTES: 'service.name=other' }).serviceName).toBe('other')
})

test('a batch is never longer than a short queue', () => {
  expect(read({ OTEL_BSP_MAX_QUEUE_SIZE: '7' }).batch.maxExportBatchSize).toBe(7)
})

test.each([
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', "the http address of the collector's OTLP receiver"],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'nowhere', "the http address of the collector's OTLP receiver"],
  ['OTEL_PROPAGATORS', 'tracecontext,baggage', 'tracecontext or none'],
  ['OTEL_TRACES_SAMPLER', 'sometimes', 'one of always_on, always_off, traceidratio, '],
  ['OTEL_BSP_SCHEDULE_DELAY', '1s', 'a whole number from 1 on'],
  ['OTEL_BSP_MAX_QUEUE_SIZE', '0', 'a whole number from 1 on'],
  ['OTEL_BSP_MAX_EXPORT_BATCH_SIZE', '-1', 'a whole number from 1 on'],
  ['OTEL_BSP_MAX_EXPORT_BATCH_SIZE', '4096', 'at most OTEL_BSP_MAX_QUEUE_SIZE, which is 2048'],
  ['OTEL_RESOURCE_ATTRIBUTES', 'alone', 'key=value pairs'],
  ['OTEL_RESOURCE_ATTRIBUTES', 'a=b=c', 'key=value pairs'],
  ['OTEL_RESOURCE_ATTRIBUTES', 'a=%zz', 'key=value pairs'],
])('refuses %s=%s', (name, value, expected) => {
  const start = () => read({ [name]: value })
  expect(start).toThrow(SettingsError)
  expect(start).toThrow(`${name}: expected ${expected}`)
  expect(start).toThrow(`; seen ${JSON.stringify(value)}; try `)
})

test.each(['1.1', '-0.1', 'half'])('refuses the ratio %s', (ratio) => {
  expect(() => read({ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: ratio })).toThrow(
    'OTEL_TRACES_SAMPLER_ARG: expected the share of traces to keep',
  )
})
