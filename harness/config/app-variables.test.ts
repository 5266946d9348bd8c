import { expect, test } from 'vitest'
import { appVariablesOf, inPods, putAppVariables } from './app-variables.ts'
import type { ManifestObject } from './manifest-object.ts'

const fromPod = { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }

function deployment(app: string): ManifestObject {
  const env = [
    { name: 'LISTEN_ADDRESS', value: '0.0.0.0:8080' },
    fromPod,
    { name: 'OTEL_SERVICE_NAME', value: app },
  ]
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: app, namespace: 'apps' },
    spec: {
      template: {
        metadata: {},
        spec: {
          containers: [
            { name: 'sidecar', image: 'x' },
            { name: app, image: 'x', env },
          ],
        },
      },
    },
  }
}

/** The environment of the shop's container after the document was put into its Deployment. */
function environmentOf(variables: unknown) {
  const shop = deployment('shop')
  putAppVariables([{ ...shop, kind: 'Service' }, shop, deployment('other')], { shop: variables })
  const template = (shop.spec as { template: { spec: { containers: { env?: unknown }[] } } }).template
  const [sidecar, own] = template.spec.containers
  expect(sidecar?.env).toBeUndefined()
  return own?.env
}

test('what git states is left as it is', () => {
  expect(environmentOf({ OTEL_SERVICE_NAME: 'shop' })).toEqual([
    { name: 'LISTEN_ADDRESS', value: '0.0.0.0:8080' },
    fromPod,
    { name: 'OTEL_SERVICE_NAME', value: 'shop' },
  ])
})

test('a variable gets another value, is added, or is taken out where it has none any more', () => {
  expect(
    environmentOf({ OTEL_SERVICE_NAME: null, OTEL_BSP_MAX_QUEUE_SIZE: 5, LISTEN_ADDRESS: '127.0.0.1:1' }),
  ).toEqual([
    { name: 'LISTEN_ADDRESS', value: '127.0.0.1:1' },
    fromPod,
    { name: 'OTEL_BSP_MAX_QUEUE_SIZE', value: '5' },
  ])
  expect(environmentOf({ POD_NAME: 'mine' })).toContainEqual({ name: 'POD_NAME', value: 'mine' })
})

test('an app that no Deployment carries has to have no variables', () => {
  const put = (variables: unknown) => () => putAppVariables([deployment('other')], { shop: variables })
  expect(put({})).not.toThrow()
  expect(put({ OTEL_PROPAGATORS: 'none' })).toThrow(
    /CONFIG_INVALID: expected a Deployment shop [^\n]*\n {2}at: {3}apps\n {2}seen: Deployment\.apps\.other/,
  )
})

test('processes get texts, and what the kubelet would fill in', () => {
  expect(appVariablesOf({ shop: { OTEL_A: 1, OTEL_B: true, OTEL_C: null, OTEL_D: '' } })).toEqual({
    shop: { OTEL_A: '1', OTEL_B: 'true', OTEL_D: '' },
  })
  const attributes = { OTEL_RESOURCE_ATTRIBUTES: 'a=$(POD_NAMESPACE),b=$(POD_NAME),c=$(OTHER)' }
  expect(inPods({ shop: attributes }, (app) => ({ pod: `${app}-1`, namespace: 'apps' }))).toEqual({
    shop: { OTEL_RESOURCE_ATTRIBUTES: 'a=apps,b=shop-1,c=$(OTHER)' },
  })
})

test.each([
  [{ shop: 'none' }, 'apps: shop'],
  [{ shop: { OTEL_PROPAGATORS: ['none'] } }, 'apps: shop.OTEL_PROPAGATORS'],
])('refuses %j, which no environment can have', (document, where) => {
  expect(() => appVariablesOf(document)).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', account: expect.objectContaining({ where }) }),
  )
})
