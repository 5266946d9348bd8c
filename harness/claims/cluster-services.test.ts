import { expect, test } from 'vitest'
import { podDouble, serviceDouble } from './cluster-doubles.ts'
import type { EndpointSlice, Ingress } from './cluster-objects.ts'
import { isTakenBy, misroutedPaths, servicesWithoutEndpoints } from './cluster-services.ts'

const slice = (service: string, ready: boolean | undefined): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: `${service}-x`, namespace: 'apps', labels: { 'kubernetes.io/service-name': service } },
  endpoints: [{ addresses: ['10.42.0.9'], conditions: ready === undefined ? {} : { ready } }],
})
const pods = [podDouble('frontend'), podDouble('api')]

test('a Service with a ready pod behind its port leads somewhere; one without a selector is not ours to judge', () => {
  const services = [serviceDouble('frontend'), serviceDouble('external', { selector: undefined })]
  expect(servicesWithoutEndpoints(services, pods, [slice('frontend', true)])).toEqual([])
  expect(servicesWithoutEndpoints(services, pods, [slice('frontend', undefined)])).toEqual([])
})

test('a selector that matches no pod is named, with the pods that are there', () => {
  const wrong = serviceDouble('api', { selector: { 'app.kubernetes.io/name': 'apis' } })
  expect(servicesWithoutEndpoints([wrong], pods, [])).toEqual([
    'Service apps/api selects app.kubernetes.io/name=apis, which no pod has; pods of api, frontend are there',
  ])
})

test('a target port that no container has is named, with those that they have', () => {
  const wrong = serviceDouble('api', { ports: [{ name: 'http', port: 80, targetPort: 'web' }] })
  expect(servicesWithoutEndpoints([wrong], pods, [slice('api', true)])).toEqual([
    'Service apps/api points its port http at the container port web, which its pods do not have; they have http',
  ])
})

test('pods that are not ready are no endpoints', () => {
  expect(servicesWithoutEndpoints([serviceDouble('api')], pods, [slice('api', false)])).toEqual([
    'Service apps/api has no ready endpoint: of its 1 pods none is ready',
  ])
  expect(servicesWithoutEndpoints([serviceDouble('api')], pods, [slice('frontend', true)])).toHaveLength(1)
})

const ingress = (paths: readonly (readonly [string, string, string?])[], host = 'dev.local'): Ingress => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'apps', namespace: 'apps' },
  spec: {
    rules: [
      {
        host,
        http: {
          paths: paths.map(([path, name, port = 'http']) => ({
            path,
            pathType: 'Prefix',
            backend: { service: { name, port: { name: port } } },
          })),
        },
      },
    ],
  },
})
const apps = [
  { name: 'frontend', namespace: 'apps', good: [{ path: '/' }] },
  { name: 'api', namespace: 'apps', good: [{ path: '/v1/x?a=1' }, { path: '/v1/x?a=2' }] },
] as unknown as Parameters<typeof misroutedPaths>[0]
const services = [serviceDouble('frontend'), serviceDouble('api')]
const route = (object: Ingress, others = services) =>
  misroutedPaths(apps, 'dev.local', { ingresses: [object], services: others, pods })

test('of the paths that match, the longest decides', () => {
  expect(
    route(
      ingress([
        ['/', 'frontend'],
        ['/v1', 'api'],
      ]),
    ),
  ).toEqual([])
})

test('a path that was changed takes the requests to another app, which is named', () => {
  expect(
    route(
      ingress([
        ['/', 'frontend'],
        ['/v3', 'api'],
      ]),
    ),
  ).toEqual([
    'Ingress apps/apps takes dev.local/v1/x by the path /, but api is not there: Service apps/frontend leads to the pods of frontend',
  ])
})

test.each([
  [
    'no path takes it',
    ingress([['/v1', 'api']]),
    "no Ingress of apps takes dev.local/, which is frontend's; they take dev.local/v1",
  ],
  [
    'the host is another',
    ingress(
      [
        ['/', 'frontend'],
        ['/v1', 'api'],
      ],
      'other.local',
    ),
    "no Ingress of apps takes dev.local/, which is frontend's; they take other.local/, other.local/v1",
  ],
  [
    'the Service is not there',
    ingress([
      ['/', 'front'],
      ['/v1', 'api'],
    ]),
    'Ingress apps/apps takes dev.local/ by the path /, but frontend is not there: there is no Service apps/front',
  ],
  [
    'the Service has no such port',
    ingress([
      ['/', 'frontend', 'web'],
      ['/v1', 'api'],
    ]),
    'Ingress apps/apps takes dev.local/ by the path /, but frontend is not there: Service apps/frontend has no port web; it has http',
  ],
])('%s', (_, object, words) => expect(route(object)).toContain(words))

test('a Service that selects nobody is named by what it selects', () => {
  const lost = serviceDouble('api', { selector: { 'app.kubernetes.io/name': 'apis' } })
  expect(
    route(
      ingress([
        ['/', 'frontend'],
        ['/v1', 'api'],
      ]),
      [serviceDouble('frontend'), lost],
    )[0],
  ).toContain('Service apps/api selects app.kubernetes.io/name=apis, which no pod has')
})

test.each([
  ['/v1/x', '/v1', 'Prefix', true],
  ['/v10', '/v1', 'Prefix', false],
  ['/v1', '/v1/', 'Prefix', true],
  ['/anything', '/', 'Prefix', true],
  ['/v1/x', '/v1', 'Exact', false],
  ['/v1', '/v1', 'Exact', true],
])('%s is taken by %s (%s): %s', (path, rulePath, pathType, taken) => {
  expect(isTakenBy(path, rulePath, pathType)).toBe(taken)
})
