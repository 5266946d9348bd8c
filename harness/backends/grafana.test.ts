import { expect, test } from 'vitest'
import { type AskedRequest, backendDouble } from '../core/backend-double.ts'
import { Grafana } from './grafana.ts'

/** A stand-in that answers as Grafana's documentation has it, by method and path. */
async function standIn(answers: Readonly<Record<string, { status?: number; body: unknown }>>) {
  const double = await backendDouble(({ method, path }: AskedRequest, response) => {
    const { status = 200, body } = answers[`${method} ${path}`] ?? {
      status: 404,
      body: { message: 'Not found' },
    }
    response.statusCode = status
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
  })
  return { double, grafana: new Grafana(double.url) }
}

test('says whether its database is well', async () => {
  const { double, grafana } = await standIn({
    'GET /api/health': { body: { database: 'ok', version: '12.4.4', commit: 'abc' } },
  })
  await using _ = double
  expect(await grafana.health()).toEqual({ database: 'ok', version: '12.4.4' })
})

test('a datasource is healthy where its plugin says so', async () => {
  const { double, grafana } = await standIn({
    'GET /api/datasources/uid/prometheus/health': {
      body: { status: 'OK', message: 'Successfully queried the Prometheus API.' },
    },
    'GET /api/datasources/uid/loki/health': {
      status: 400,
      body: { status: 'ERROR', message: 'dial tcp: connection refused' },
    },
  })
  await using _ = double
  expect(await grafana.datasourceHealth('prometheus', '/-/ready')).toEqual({
    isHealthy: true,
    said: 'OK Successfully queried the Prometheus API.',
  })
  expect(await grafana.datasourceHealth('loki', '/ready')).toEqual({
    isHealthy: false,
    said: 'ERROR dial tcp: connection refused',
  })
})

test('a plugin without a check is asked through Grafana; so is a uid that nobody has, and that is told', async () => {
  const { double, grafana } = await standIn({
    'GET /api/datasources/proxy/uid/tempo/ready': { body: 'ready' },
  })
  await using _ = double
  expect(await grafana.datasourceHealth('tempo', '/ready')).toMatchObject({ isHealthy: true })
  expect(await grafana.datasourceHealth('nobody', '/ready')).toEqual({
    isHealthy: false,
    said: 'no check of its own; /ready is answered with 404',
  })
  expect(double.asked.map(({ path }) => path)).toEqual([
    '/api/datasources/uid/tempo/health',
    '/api/datasources/proxy/uid/tempo/ready',
    '/api/datasources/uid/nobody/health',
    '/api/datasources/proxy/uid/nobody/ready',
  ])
})

test('a dashboard says whether it came from its file; one that is not there is undefined', async () => {
  const { double, grafana } = await standIn({
    'GET /api/dashboards/uid/app-latency': {
      body: {
        meta: { provisioned: true, provisionedExternalId: 'app-latency.json' },
        dashboard: { uid: 'app-latency', title: 'App latency', panels: [{}, {}] },
      },
    },
  })
  await using _ = double
  expect(await grafana.dashboard('app-latency')).toEqual({
    title: 'App latency',
    isProvisioned: true,
    panels: 2,
  })
  expect(await grafana.dashboard('gone')).toBeUndefined()
})

const query = {
  datasource: { type: 'prometheus', uid: 'prometheus' },
  expr: 'sum by (app) (rate(http_requests_total[$__rate_interval]))',
  interval: '1s',
  instant: false,
  intervalMs: 500,
  maxDataPoints: 300,
  fromMs: 1_000,
  toMs: 61_000,
}

test('a query goes out with its macros, and comes back as series and as Grafana has sent it', async () => {
  const { double, grafana } = await standIn({
    'POST /api/ds/query': {
      body: {
        results: {
          A: {
            status: 200,
            frames: [
              {
                schema: {
                  meta: {
                    executedQueryString: 'Expr: sum by (app) (rate(http_requests_total[4s]))\nStep: 1s',
                  },
                  fields: [
                    { name: 'Time', type: 'time' },
                    { name: 'Value', type: 'number', labels: { app: 'frontend' } },
                  ],
                },
                data: {
                  values: [
                    [1_000, 2_000],
                    [0.5, null],
                  ],
                },
              },
            ],
          },
        },
      },
    },
  })
  await using _ = double
  expect(await grafana.query(query)).toEqual({
    executed: 'sum by (app) (rate(http_requests_total[4s]))',
    series: [
      {
        labels: { app: 'frontend' },
        points: [
          [1_000, 0.5],
          [2_000, null],
        ],
      },
    ],
  })
  expect(JSON.parse(double.asked[0]?.body ?? '')).toEqual({
    from: '1000',
    to: '61000',
    queries: [
      {
        refId: 'A',
        datasource: { type: 'prometheus', uid: 'prometheus' },
        expr: 'sum by (app) (rate(http_requests_total[$__rate_interval]))',
        interval: '1s',
        intervalMs: 500,
        maxDataPoints: 300,
        instant: false,
        range: true,
        queryType: 'range',
      },
    ],
  })
})

test.each([400, 207])('a query that fails with %i is told in the words of its result', async (status) => {
  const { double, grafana } = await standIn({
    'POST /api/ds/query': {
      status,
      body: { results: { A: { error: 'bad_data: parse error', status: 400 } } },
    },
  })
  await using _ = double
  expect(await grafana.query(query)).toEqual({ error: 'bad_data: parse error', series: [] })
})

test('an answer without the query is no empty one', async () => {
  const { double, grafana } = await standIn({ 'POST /api/ds/query': { body: { results: {} } } })
  await using _ = double
  expect(await grafana.query(query)).toMatchObject({ error: 'it has no result for the query' })
})

test('an answer of another shape, or a refusal, is told', async () => {
  const { double, grafana } = await standIn({
    'GET /api/health': { body: { state: 'ok' } },
    'POST /api/ds/query': { status: 403, body: { message: 'Access denied' } },
  })
  await using _ = double
  await expect(grafana.health()).rejects.toThrow(/grafana's API describes/)
  await expect(grafana.query(query)).rejects.toThrow(/403 .*Access denied/)
})
