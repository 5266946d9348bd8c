import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { stringify } from 'yaml'
import { backendDouble } from '../../core/backend-double.ts'
import { KubeConnection } from '../../kube/kube-connection.ts'
import { waysTo } from './backend-ways.ts'
import { sectionDouble } from './cluster-section-double.ts'
import type { PlannedBackend, Route } from './planned-backends.ts'

/** One server stands for the API server, for an address and for a forwarded port alike. */
async function wayOf(name: string, routeAt: (url: string) => Route, headers: PlannedBackend['headers'] = {}) {
  const server = await backendDouble(({ path }, response) => {
    response.writeHead(207, { 'x-of': 'the server' }).end(`answer to ${path}`)
  })
  onTestFinished(() => server[Symbol.asyncDispose]())
  const connection = new KubeConnection(
    stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: server.url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'me', user: { token: 'of-the-kubeconfig' } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'me' } }],
      'current-context': 'c',
    }),
  )
  const [way] = waysTo([{ name, route: routeAt(server.url), headers, calls: [] }], {
    connection,
    podOf: (app) => `${app}-1`,
    forwardedPort: () => Number(new URL(server.url).port),
  })
  const ask = async () => {
    const answer = await way?.pass({
      method: 'POST',
      path: '/a?b=c',
      headers: { host: 'dev.local', authorization: 'Bearer of-the-claim', 'x-request-id': 'r1' },
      body: Buffer.from('body'),
      signal: new AbortController().signal,
    })
    return { answer, asked: server.asked[0], url: server.url }
  }
  return { ask }
}

const service = { ...sectionDouble().services.prometheus, pathPrefix: '/p' }

test('a service is asked through the proxy of the API server, as the user of the kubeconfig', async () => {
  const { ask } = await wayOf('loki', () => ({ kind: 'service', service }), { 'X-Scope-OrgID': 'shop' })
  const { answer, asked, url } = await ask()
  const path = '/api/v1/namespaces/monitoring/services/prometheus:9090/proxy/p/a?b=c'
  expect(asked).toMatchObject({
    method: 'POST',
    path,
    body: 'body',
    headers: {
      authorization: 'Bearer of-the-kubeconfig',
      host: new URL(url).host,
      'x-request-id': 'r1',
      'x-scope-orgid': 'shop',
    },
  })
  expect(answer).toMatchObject({ status: 207, headers: { 'x-of': 'the server' } })
  expect(answer && (await text(answer.stream))).toBe(`answer to ${path}`)
})

test('an ingress behind the proxy hears whom it is asked as, and still no token of a claim', async () => {
  const { ask } = await wayOf('ingress', () => ({ kind: 'service', service }))
  expect((await ask()).asked?.headers).toMatchObject({
    authorization: 'Bearer of-the-kubeconfig',
    host: 'dev.local',
  })
})

test('a pod is asked through the proxy of the API server, by its name', async () => {
  const { ask } = await wayOf('app-orders', () => ({
    kind: 'pod',
    app: 'orders',
    namespace: 'shop',
    port: 80,
  }))
  expect((await ask()).asked?.path).toBe('/api/v1/namespaces/shop/pods/orders-1:80/proxy/a?b=c')
})

test.each<[string, (url: string) => Route]>([
  ['an address', (url) => ({ kind: 'url', url: `${url}/` })],
  ['a forwarded port', () => ({ kind: 'port-forward', app: 'orders', namespace: 'shop', port: 9000 })],
])('%s gets the request as it is, and nothing of the kubeconfig', async (_, routeAt) => {
  const { ask } = await wayOf('anything', routeAt)
  expect((await ask()).asked).toMatchObject({
    path: '/a?b=c',
    headers: { authorization: 'Bearer of-the-claim', host: 'dev.local' },
  })
})
