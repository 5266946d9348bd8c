import { Counter, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { writeExposition } from '../src/exposition.ts'
import { RequestMetrics } from '../src/request-metrics.ts'
import { readOpenMetrics } from './openmetrics-reader.ts'

/** What Prometheus 3 sends when it wants OpenMetrics, and when it does not. */
const prefersOpenMetrics =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2'
const prefersPlain =
  'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.5,application/openmetrics-text;version=1.0.0;q=0.4,*/*;q=0.2'

const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), flags: '01' }

function countedMetrics(): RequestMetrics {
  const metrics = new RequestMetrics([{ method: 'GET', route: '/a"b\\c', statuses: [200] }])
  metrics.count({ method: 'GET', route: '/a"b\\c', status: 200, durationSeconds: 0.007 }, trace)
  metrics.count({ method: 'GET', route: '/a"b\\c', status: 200, durationSeconds: 9 }, trace)
  metrics.count({ method: 'GET', route: '/a"b\\c', status: 200, durationSeconds: 0.001 }, undefined)
  return metrics
}

test.each([
  'application/openmetrics-text',
  'application/openmetrics-text; version=1.0.0; charset=utf-8',
  'Application/OpenMetrics-Text;version="1.0.0"',
  prefersOpenMetrics,
])('OpenMetrics, to a scraper that sends %s', async (accept) => {
  const { contentType, text } = await writeExposition(countedMetrics().registry, accept)
  expect(contentType).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
  expect(readOpenMetrics(text).length).toBeGreaterThan(50)
})

test.each([
  undefined,
  '',
  '*/*',
  'text/plain',
  'text/html,application/openmetrics-text;q=0',
  'application/openmetrics-text;version=2.0.0',
  prefersPlain,
])('the plain format, to one that sends %s', async (accept) => {
  const { contentType, text } = await writeExposition(countedMetrics().registry, accept)
  expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(text).not.toContain('# EOF')
  expect(text).not.toContain('trace_id')
})

test('durations have the exemplars of the requests that are traced, each in its bucket', async () => {
  const { text } = await writeExposition(countedMetrics().registry, prefersOpenMetrics)
  const exemplars = readOpenMetrics(text).filter(({ exemplar }) => exemplar !== undefined)
  const now = Date.now() / 1000
  expect(exemplars).toMatchObject([
    { name: 'http_request_duration_seconds_bucket', exemplar: { value: 0.007 } },
    { name: 'http_request_duration_seconds_bucket', exemplar: { value: 9 } },
  ])
  expect(exemplars.map(({ labels }) => /le="([^"]*)"/.exec(labels)?.[1])).toEqual(['0.01', '+Inf'])
  for (const { exemplar } of exemplars) {
    expect(exemplar?.labels).toBe(`trace_id="${trace.traceId}",span_id="${trace.spanId}"`)
    expect(now - (exemplar?.atSeconds ?? 0)).toBeLessThan(60)
  }
})

test('the same samples come in both formats, in whatever order they are asked for', async () => {
  const { registry } = countedMetrics()
  const counted = async (accept: string) =>
    (await writeExposition(registry, accept)).text
      .split('\n')
      .filter((line) => line.startsWith('http_requests_total'))
  const [plain, open, again] = [
    await counted(''),
    await counted(prefersOpenMetrics),
    await Promise.all([counted(''), counted(prefersOpenMetrics)]),
  ]
  expect(plain).toContain('http_requests_total{method="GET",route="/a\\"b\\\\c",status="200"} 3')
  expect([open, ...again]).toEqual([plain, plain, plain])
})

test.each([
  ['no end', '# HELP a a\n# TYPE a gauge\na 1\n'],
  ['a counter that is not _total', '# HELP a a\n# TYPE a counter\na 1\n# EOF\n'],
  ['a family of a counter with _total', '# HELP a_total a\n# TYPE a_total counter\na_total_total 1\n# EOF\n'],
  ['a family twice', '# HELP a a\n# TYPE a gauge\na 1\n# HELP a a\n# TYPE a gauge\na 1\n# EOF\n'],
  ['an empty line', '# HELP a a\n# TYPE a gauge\n\na 1\n# EOF\n'],
  ['an exemplar of a gauge', '# HELP a a\n# TYPE a gauge\na 1 # {trace_id="1"} 1 1\n# EOF\n'],
  ['a bare number', '# HELP a a\n# TYPE a gauge\na one\n# EOF\n'],
])('the reader of these tests refuses %s', (_what, text) => {
  expect(() => readOpenMetrics(text)).toThrow()
})

test('what is counted between two scrapes is in the second', async () => {
  const registry = new Registry()
  const counter = new Counter({ name: 'things_total', help: 'Things.', registers: [registry] })
  const value = async () =>
    readOpenMetrics((await writeExposition(registry, prefersOpenMetrics)).text).map((sample) => sample.value)
  expect(await value()).toEqual([0])
  counter.inc(2)
  expect(await value()).toEqual([2])
})
