import { expect, test } from 'vitest'
import { appOfService, ingressCounts } from './ingress-counts.ts'
import { stackDouble } from './stack-double.ts'

const apps = [
  { name: 'api', namespace: 'apps' },
  { name: 'api-v2', namespace: 'apps' },
]
test.each([
  ['api@file', 'api'],
  ['apps-api-http@kubernetes', 'api'],
  ['apps-api-v2-http@kubernetes', 'api-v2'],
  ['apps-api-8080@kubernetes', 'api'],
  ['api-v2@file', 'api-v2'],
  ['other-api-http@kubernetes', undefined],
  ['apps-apis-http@kubernetes', undefined],
  ['ping@internal', undefined],
  ['', undefined],
])('the service %s is of %s', (service, app) => {
  expect(appOfService(service, apps)).toBe(app)
})

test('answers of the ingress are summed over an app’s routers, without those of others', async () => {
  const { sources } = stackDouble()
  const series = (service: string, code: string, value: number) => ({
    labels: { service, code, method: 'GET' },
    samples: [{ atMs: 150, value }],
  })
  const all = [
    series('api@file', '200', 4),
    series('apps-api-http@kubernetes', '200', 3),
    series('api@file', '502', 1),
    series('ping@internal', '200', 90),
    series('api@file', '500', 0),
  ]
  const prometheus = { ...sources.prometheus, samples: async () => all }
  const window = { sinceMs: 100, nowMs: 200, reachBackMs: 50 }
  expect(await ingressCounts({ ...sources, prometheus }, window)).toEqual([
    { app: 'api', method: 'GET', status: 200, count: 7 },
    { app: 'api', method: 'GET', status: 502, count: 1 },
  ])
})
