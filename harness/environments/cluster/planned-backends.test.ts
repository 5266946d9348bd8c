import { expect, test } from 'vitest'
import { appDouble, openSection, sectionDouble } from './cluster-section-double.ts'
import { neededPermissions, writePermission } from './permissions.ts'
import { apiPathOf, planBackends } from './planned-backends.ts'

const config = { apps: [appDouble('orders')] }
const planOf = (section = sectionDouble()) =>
  planBackends({ config, section, runbookPaths: ['/runbooks/Down'] })
const named = (name: string, section = sectionDouble()) =>
  planOf(section).find((backend) => backend.name === name)

test('who allows nothing is asked by GET alone, but for what the user may do itself', () => {
  const plan = planOf()
  expect(plan.map(({ name }) => name)).toEqual(['kubernetes', 'prometheus', 'loki', 'alertmanager'])
  expect(plan.flatMap(({ calls }) => calls).filter((call) => !call.startsWith('GET '))).toEqual([
    'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  ])
})

test('traffic adds the requests of the table, the runbooks that links lead to, and the page of each app', () => {
  const plan = planOf(sectionDouble({ allow: ['traffic'], ingress: { url: 'https://staging.example' } }))
  expect(plan.map(({ name }) => name).slice(4)).toEqual(['ingress', 'app-orders'])
  expect(plan.find(({ name }) => name === 'ingress')?.calls).toEqual([
    'GET /',
    'GET /v1/orders',
    'POST /v1/orders',
    'GET /runbooks/Down',
  ])
})

test('faults add the switches, and the place where none may be', () => {
  expect(named('ingress', openSection())?.calls.slice(3)).toEqual(['GET /runbooks/Down', 'GET /v1/faults'])
  expect(named('switch-orders', openSection())).toMatchObject({
    route: { kind: 'port-forward', app: 'orders', namespace: 'shop', port: 9000 },
    calls: expect.arrayContaining(['POST /faults']),
  })
})

test('an app without a fault route has no switch that is used', () => {
  const { faultRoute: _, ...quiet } = appDouble('frontend')
  const plan = planBackends({ config: { apps: [quiet] }, section: openSection(), runbookPaths: [] })
  expect(plan.map(({ name }) => name)).not.toContain('switch-frontend')
})

test('a route is a path of the API server, with scheme, prefix and the pod that is found', () => {
  const pathOf = (name: string) => {
    const route = named(name, openSection())?.route
    return route === undefined ? undefined : apiPathOf(route, (app) => `${app}-1`)
  }
  expect(pathOf('prometheus')).toBe('/api/v1/namespaces/monitoring/services/prometheus:9090/proxy')
  expect(pathOf('alertmanager')).toBe(
    '/api/v1/namespaces/monitoring/services/https:alertmanager:9093/proxy/am',
  )
  expect(pathOf('app-orders')).toBe('/api/v1/namespaces/shop/pods/orders-1:8080/proxy')
  expect(named('loki')?.headers).toEqual({ 'X-Scope-OrgID': 'shop' })
})

const permissionsOf = (section = sectionDouble()) =>
  neededPermissions(section, config, planOf(section)).map(writePermission)

test('reading takes the services and their proxies, by name', () => {
  expect(permissionsOf()).toEqual([
    'get services prometheus in monitoring',
    'get services loki in monitoring',
    'get services alertmanager in monitoring',
    'get services/proxy prometheus:9090 in monitoring',
    'get services/proxy loki:3100 in monitoring',
    'get services/proxy https:alertmanager:9093 in monitoring',
  ])
})

test('Tempo is asked where it is stated, for the tenant that is stated', () => {
  const services = {
    ...sectionDouble().services,
    tempo: { namespace: 'monitoring', name: 'tempo', port: 3200 },
  }
  const withTenant = { ...services, tempo: { ...services.tempo, tenant: 'shop' } }
  expect(named('tempo', sectionDouble({ services }))).toMatchObject({
    route: { kind: 'service', service: { name: 'tempo' } },
    headers: {},
    calls: expect.arrayContaining(['GET /api/traces/{id}', 'GET /api/search']),
  })
  expect(named('tempo', sectionDouble({ services: withTenant }))?.headers).toEqual({
    'X-Scope-OrgID': 'shop',
  })
  expect(permissionsOf(sectionDouble({ services }))).toEqual(
    expect.arrayContaining([
      'get services tempo in monitoring',
      'get services/proxy tempo:3200 in monitoring',
    ]),
  )
})

test('each thing that is allowed takes its own permissions', () => {
  expect(permissionsOf(openSection())).toEqual(
    expect.arrayContaining([
      'list pods in shop',
      'get pods/proxy in shop',
      'get pods/log in shop',
      'get pods/portforward in shop',
      'get secrets fault-switch in shop',
      'list nodes in the whole cluster',
    ]),
  )
  const viaService = sectionDouble({
    allow: ['traffic'],
    ingress: { service: { namespace: 'edge', name: 'traefik', port: 'web' } },
  })
  expect(permissionsOf(viaService)).toEqual(
    expect.arrayContaining([
      'get services/proxy traefik:web in edge',
      'create services/proxy traefik:web in edge',
    ]),
  )
})
