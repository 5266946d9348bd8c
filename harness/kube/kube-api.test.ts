import { expect, test } from 'vitest'
import { deadAddress } from '../core/backend-double.ts'
import { KubeApi } from './kube-api.ts'
import { answerJson, kubeconfigOf, kubeDouble } from './kube-double.ts'
import type { KubeObject } from './kube-object.ts'

const pod = { apiVersion: 'v1', kind: 'Pod', name: 'loki-0', namespace: 'observability' }
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'frontend', namespace: 'apps' },
  spec: { replicsa: 1 },
} as KubeObject

const status = (code: number, more: object) => ({ kind: 'Status', status: 'Failure', code, ...more })

test('reads an object by the path that its kind has, as the user of the kubeconfig', async () => {
  await using server = await kubeDouble((_, response) =>
    answerJson(response, 200, { metadata: { name: 'x' } }),
  )
  expect(await server.api.get(pod)).toEqual({ metadata: { name: 'x' } })
  const { path, headers } = server.asked.at(-1) ?? {}
  expect(path).toBe('/api/v1/namespaces/observability/pods/loki-0')
  expect(headers?.authorization).toBe('Bearer of-this-user')
})

test('one that is not there is a failure of get, and an answer of find', async () => {
  await using server = await kubeDouble((_, response) =>
    answerJson(response, 404, status(404, { reason: 'NotFound', message: 'pods "loki-0" not found' })),
  )
  await expect(server.api.get(pod)).rejects.toThrow(
    /KUBE_NOT_FOUND.*read Pod observability\/loki-0\n.*404 NotFound: pods "loki-0" not found/s,
  )
  expect(await server.api.find(pod)).toBeUndefined()
  expect(await server.api.remove(pod)).toBe(false)
})

test('lists page after page, and says of each item what it is', async () => {
  await using server = await kubeDouble(({ query }, response) =>
    answerJson(response, 200, {
      metadata: query.has('continue') ? {} : { continue: 'more' },
      items: [{ metadata: { name: query.get('continue') ?? 'first' } }],
    }),
  )
  const pods = await server.api.list({ apiVersion: 'v1', kind: 'Pod', labelSelector: 'app=loki' })
  expect(pods.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['Pod first', 'Pod more'])
  expect(server.asked.at(-1)?.query.get('labelSelector')).toBe('app=loki')
})

test('applies by server-side apply with force, and strictly', async () => {
  await using server = await kubeDouble((_, response) => answerJson(response, 200, deployment))
  await server.api.apply(deployment, { dryRun: true, fieldManager: 'signalproof' })
  const { method, query, headers } = server.asked.at(-1) ?? {}
  expect([method, headers?.['content-type']]).toEqual(['PATCH', 'application/apply-patch+yaml'])
  expect(Object.fromEntries(query ?? [])).toEqual({
    dryRun: 'All',
    fieldManager: 'signalproof',
    fieldValidation: 'Strict',
    force: 'true',
  })
})

test.each([
  {
    why: 'a field that the schema does not have',
    code: 400,
    body: { message: 'failed to create typed patch object: .spec.replicsa: field not declared in schema' },
    says: /KUBE_INVALID.*apply Deployment apps\/frontend\n.*at: {3}spec\.replicsa/s,
  },
  {
    why: 'a field with a wrong value',
    code: 422,
    body: { reason: 'Invalid', details: { causes: [{ field: 'spec.selector', message: 'Required value' }] } },
    says: /KUBE_INVALID.*at: {3}spec\.selector/s,
  },
  {
    why: 'a user without the permission',
    code: 403,
    body: { message: 'cannot patch' },
    says: /KUBE_FORBIDDEN/,
  },
  {
    why: 'a policy',
    code: 403,
    body: { message: 'pods "x" is forbidden: violates PodSecurity "restricted:latest"' },
    says: /KUBE_INVALID.*violates PodSecurity/s,
  },
  { why: 'a server that is busy', code: 503, body: {}, says: /KUBE_UNREACHABLE/ },
  { why: 'a defect of the server', code: 500, body: { message: 'etcd' }, says: /KUBE_REFUSED.*500: etcd/s },
])('names what refuses an object: $why', async ({ code, body, says }) => {
  await using server = await kubeDouble((_, response) => answerJson(response, code, status(code, body)))
  await expect(server.api.apply(deployment, { fieldManager: 'signalproof' })).rejects.toThrow(says)
})

test('a kind that the server does not have, and a namespace that is left out', async () => {
  await using server = await kubeDouble((_, response) => answerJson(response, 404, status(404, {})))
  const typo = { apiVersion: 'apps/v1', kind: 'Deploymnet', name: 'x', namespace: 'apps' }
  await expect(server.api.get(typo)).rejects.toThrow(/KUBE_INVALID.*the kind Deploymnet in apps\/v1/s)
  await expect(server.api.get({ apiVersion: 'v1', kind: 'Pod', name: 'x' })).rejects.toThrow(
    /KUBE_INVALID.*a namespace for Pod x/s,
  )
})

test('a server that is not there, in words that name it', async () => {
  const address = await deadAddress()
  const api = KubeApi.fromKubeconfig(kubeconfigOf(address))
  await expect(api.raw('GET', '/readyz')).rejects.toThrow(new RegExp(`KUBE_UNREACHABLE.*${address}`, 's'))
})

test('a kubeconfig that is none, and a context that it does not have', () => {
  expect(() => KubeApi.fromKubeconfig('{', 'one')).toThrow(/CONFIG_UNREADABLE/)
  expect(() => KubeApi.fromKubeconfig(kubeconfigOf('http://x'), 'two')).toThrow(
    /USAGE_UNKNOWN_NAME.*one\n.*seen: two/s,
  )
})

test('a raw answer is given whatever its status is, and a log of one JSON line stays a text', async () => {
  await using server = await kubeDouble(({ path }, response) => {
    if (path.includes('/log')) response.writeHead(200, { 'content-type': 'text/plain' }).end('{"a":1}\n')
    else answerJson(response, 418, { tea: true })
  })
  expect(await server.api.raw('GET', '/readyz')).toEqual({ status: 418, data: { tea: true } })
  expect(await server.api.readLog('apps', 'frontend-1', 'frontend', { tailLines: 3 })).toBe('{"a":1}\n')
})

test('follows a log line by line until it ends, and no longer than it is asked to', async () => {
  const ending = new AbortController()
  await using server = await kubeDouble(({ query }, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' }).write('first\nsec')
    if (query.get('container') === 'ends') response.end('ond\n')
  })
  const lines: string[] = []
  await server.api.followLog(
    'apps',
    'x',
    'ends',
    { timestamps: true },
    (line) => lines.push(line),
    ending.signal,
  )
  expect(lines).toEqual(['first', 'second'])
  expect(server.asked.at(-1)?.query.get('follow')).toBe('true')
  const following = server.api.followLog('apps', 'x', 'goes-on', {}, () => ending.abort(), ending.signal)
  await expect(following).resolves.toBeUndefined()
})
