import { expect, test } from 'vitest'
import type { SignalproofError } from '../../core/signalproof-error.ts'
import type { KubeObject } from '../../kube/kube-object.ts'
import { sectionDouble } from './cluster-section-double.ts'
import { type CheckedApi, checkPermissions, checkServer, checkServices } from './start-checks.ts'

function apiDouble({
  raw = async () => ({ status: 200, data: {} }),
  services = {},
}: {
  raw?: (body: unknown) => Promise<{ status: number; data: unknown }>
  services?: Readonly<Record<string, unknown>>
}): CheckedApi {
  return {
    raw: (_, __, options) => raw(options?.body),
    find: async <T extends KubeObject>({ namespace, name }: { namespace?: string; name: string }) => {
      const spec = services[`${namespace}/${name}`]
      return spec === undefined
        ? undefined
        : ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec } as unknown as T)
    },
  }
}

test('a server that answers is enough, also one that hides its version', async () => {
  await checkServer(apiDouble({ raw: async () => ({ status: 403, data: {} }) }), 'https://staging.example')
})

test.each([
  ['that does not answer', 'KUBE_UNREACHABLE', 502, { error: 'connect ECONNREFUSED' }],
  ['that does not know the user', 'KUBE_FORBIDDEN', 401, 'Unauthorized'],
  ['that is broken', 'KUBE_REFUSED', 500, 'etcd'],
])('a server %s is told with its address and the place of its context', async (_, code, status, data) => {
  const api = apiDouble({ raw: async () => ({ status, data }) })
  await expect(checkServer(api, 'https://staging.example')).rejects.toMatchObject({
    code,
    account: {
      expected: expect.stringContaining('https://staging.example'),
      seen: expect.stringContaining(typeof data === 'string' ? data : data.error),
      where: 'signalproof.config.ts cluster.context',
    },
  })
})

const permissions = [
  { verb: 'list', group: '', resource: 'pods', namespace: 'shop' },
  { verb: 'get', group: '', resource: 'services/proxy', namespace: 'monitoring', name: 'loki:3100' },
  { verb: 'list', group: '', resource: 'nodes', namespace: '' },
]

test('every permission is asked for as RBAC knows it', async () => {
  const asked: unknown[] = []
  const raw = async (body: unknown) => {
    asked.push((body as { spec: { resourceAttributes: unknown } }).spec.resourceAttributes)
    return { status: 201, data: { status: { allowed: true } } }
  }
  await checkPermissions(apiDouble({ raw }), permissions)
  expect(asked).toEqual([
    { verb: 'list', group: '', resource: 'pods', namespace: 'shop' },
    {
      verb: 'get',
      group: '',
      resource: 'services',
      subresource: 'proxy',
      namespace: 'monitoring',
      name: 'loki:3100',
    },
    { verb: 'list', group: '', resource: 'nodes' },
  ])
})

test('all permissions that lack are told at once', async () => {
  const raw = async (body: unknown) => ({
    status: 201,
    data: { status: { allowed: JSON.stringify(body).includes('pods') } },
  })
  const failure = checkPermissions(apiDouble({ raw }), permissions)
  await expect(failure).rejects.toMatchObject({ code: 'KUBE_FORBIDDEN' })
  const { account } = (await failure.catch((thrown: unknown) => thrown)) as SignalproofError
  expect(account.seen.split('\n').map((line) => line.trim())).toEqual([
    '2 lack:',
    'get services/proxy loki:3100 in monitoring',
    'list nodes in the whole cluster',
  ])
})

test('a server that will not say what is allowed is not taken for a yes', async () => {
  const raw = async () => ({ status: 403, data: {} })
  await expect(checkPermissions(apiDouble({ raw }), permissions)).rejects.toMatchObject({
    code: 'KUBE_REFUSED',
  })
})

const there = {
  'monitoring/prometheus': { ports: [{ name: 'web', port: 9090 }] },
  'monitoring/loki': { ports: [{ port: 3100 }] },
  'monitoring/alertmanager': { ports: [{ name: 'web', port: 9093 }] },
}

test('services that are there with their ports pass, by number or by name', async () => {
  const { services } = sectionDouble()
  const byName = { ...services, prometheus: { ...services.prometheus, port: 'web' } }
  await checkServices(apiDouble({ services: there }), { services, ingress: undefined })
  await checkServices(apiDouble({ services: there }), { services: byName, ingress: undefined })
})

test.each([
  ['services.loki.name', { ...there, 'monitoring/loki': undefined }, 'none of this name'],
  [
    'services.prometheus.port',
    { ...there, 'monitoring/prometheus': { ports: [{ name: 'web', port: 80 }] } },
    'web 80',
  ],
  ['services.prometheus.port', { ...there, 'monitoring/prometheus': {} }, 'none'],
])('cluster.%s is named when it is wrong', async (path, services, seen) => {
  const stated = { services: sectionDouble().services, ingress: undefined }
  await expect(checkServices(apiDouble({ services }), stated)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    account: { where: `signalproof.config.ts cluster.${path}`, seen },
  })
})

test("the ingress' service is looked for, too", async () => {
  const ingress = { service: { ...sectionDouble().services.prometheus, name: 'traefik' } }
  const stated = { services: sectionDouble().services, ingress }
  await expect(checkServices(apiDouble({ services: there }), stated)).rejects.toMatchObject({
    account: { where: 'signalproof.config.ts cluster.ingress.service.name' },
  })
})
