import { expect, test } from 'vitest'
import { backendDouble, deadAddress } from '../../core/backend-double.ts'
import type { Service } from '../../kube/workloads.ts'
import { addressesOf, endpointsOf, reachEndpoints } from './endpoints.ts'

const service = (endpoint: string, nodePort?: number): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: `endpoint-${endpoint}`,
    namespace: 'apps',
    labels: { 'signalproof.dev/endpoint': endpoint },
  },
  spec: { ports: [{ port: 80, ...(nodePort === undefined ? {} : { nodePort }) }] },
})

test('a labelled Service has an address on this machine', () => {
  const unlabelled = { ...service('x', 1), metadata: { name: 'plain' } }
  const endpoints = endpointsOf([service('loki', 30100), unlabelled, service('ingress', 30080)])
  const addressOf = addressesOf(endpoints, (port) => port + 1000)
  expect(addressOf('loki')).toBe('http://127.0.0.1:31100')
  expect(() => addressOf('tempo')).toThrow(
    /CONFIG_INVALID.*signalproof\.dev\/endpoint: tempo in a Service.*loki, ingress/s,
  )
})

test.each([
  { why: 'without a node port', services: [service('loki')], says: /one port with a fixed nodePort/ },
  {
    why: 'with a name twice',
    services: [service('loki', 1), service('loki', 2)],
    says: /a name of its own.*loki twice/s,
  },
  {
    why: 'with a port twice',
    services: [service('loki', 1), service('tempo', 1)],
    says: /a nodePort of its own.*1 twice/s,
  },
])('refuses a Service $why', ({ services, says }) => {
  expect(() => endpointsOf(services)).toThrow(says)
})

test('an endpoint is reached when it answers, whatever it answers', async () => {
  await using server = await backendDouble((_, response) => void response.writeHead(404).end())
  await reachEndpoints(new Map([['loki', server.url]]), { withinMs: 5_000 })
  const elsewhere = `${await deadAddress()}/login`
  await using sends = await backendDouble(
    (_, response) => void response.writeHead(301, { location: elsewhere }).end(),
  )
  await reachEndpoints(new Map([['grafana', sends.url]]), { withinMs: 5_000 })
  await using away = await backendDouble((_, response) => void response.writeHead(503).end())
  await expect(reachEndpoints(new Map([['loki', away.url]]), { withinMs: 150 })).rejects.toThrow(
    /WAIT_TIMEOUT.*loki to answer.*503.*compare the selector/s,
  )
  const nobody = new Map([['loki', await deadAddress()]])
  await expect(reachEndpoints(nobody, { withinMs: 150 })).rejects.toThrow(/WAIT_TIMEOUT/)
})
