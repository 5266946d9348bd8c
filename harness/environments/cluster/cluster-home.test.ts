import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { stringify } from 'yaml'
import { Prometheus } from '../../backends/prometheus.ts'
import { loadConfig } from '../../config/load-config.ts'
import { type AskedRequest, backendDouble, deadAddress } from '../../core/backend-double.ts'
import { send } from '../../core/http.ts'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import type { OpenRequest } from '../home.ts'
import { clusterHome } from './cluster-home.ts'
import { sectionDouble } from './cluster-section-double.ts'

/** The home on a server that answers as a Kubernetes API server and its proxies do. */

const credential = 'the-token-of-the-kubeconfig'
const repository = join(import.meta.dirname, '..', '..', '..')
const services = '/api/v1/namespaces/monitoring/services'

const object = (spec: unknown) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' }, spec })
const serviceKinds = { resources: [{ name: 'services', kind: 'Service', namespaced: true }] }

/** What the server says, by path; a path that is not here is 404. */
const wellAnswers: Readonly<Record<string, unknown>> = {
  '/version': { gitVersion: 'v1.34.4' },
  '/api/v1': serviceKinds,
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews': { status: { allowed: true } },
  [`${services}/prometheus`]: object({ ports: [{ port: 9090 }] }),
  [`${services}/loki`]: object({ ports: [{ port: 3100 }] }),
  [`${services}/alertmanager`]: object({ ports: [{ port: 9093 }] }),
  [`${services}/prometheus:9090/proxy/api/v1/status/buildinfo`]: { data: { version: '3.16.0' } },
  [`${services}/prometheus:9090/proxy/-/ready`]: 'ready',
  [`${services}/loki:3100/proxy/ready`]: 'ready',
}

async function clusterDouble(answers: Readonly<Record<string, unknown>> = wellAnswers) {
  const server = await backendDouble(({ path }: AskedRequest, response) => {
    const answer = answers[path.split('?')[0] ?? '']
    response
      .writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer ?? { kind: 'Status', message: `no ${path}` }))
  })
  onTestFinished(() => server[Symbol.asyncDispose]())
  return server
}

async function requestFor(server: string, more: Partial<OpenRequest> = {}) {
  const folder = temporaryFolder({
    kubeconfig: stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'staging', cluster: { server, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'me', user: { token: credential } }],
      contexts: [{ name: 'staging', context: { cluster: 'staging', user: 'me' } }],
    }),
  })
  onTestFinished(() => folder[Symbol.dispose]())
  const { config } = await loadConfig(repository)
  const failures: string[] = []
  const request: OpenRequest = {
    project: {
      root: repository,
      config: { ...config, cluster: sectionDouble({ kubeconfig: join(folder.path, 'kubeconfig') }) },
    },
    profile: 'fast',
    set: [],
    keep: false,
    startedAt: 1_000,
    folder: join(folder.path, 'run'),
    startFolder: () => mkdirSync(join(folder.path, 'run'), { recursive: true }),
    onFailed: (message) => failures.push(message),
    ...more,
  }
  return { request, failures }
}

test('a cluster is opened by reading alone, and every address leads through its API server', async () => {
  const server = await clusterDouble()
  const { request, failures } = await requestFor(server.url)
  const { environment, close } = await clusterHome.open(request)
  expect(environment).toMatchObject({
    kind: 'cluster',
    profile: 'production',
    capabilities: ['metrics', 'logs', 'alerts'],
    components: [
      { name: 'prometheus', version: '3.16.0', location: 'Service monitoring/prometheus' },
      // It does not answer; the first claim names it.
      { name: 'loki', version: 'unknown' },
      { name: 'alertmanager', version: 'unknown' },
    ],
  })
  const addressOfPrometheus = environment.addresses.prometheus
  expect(await new Prometheus(addressOfPrometheus).version()).toBe('3.16.0')
  const status = await send({ backend: 'the supervisor', url: `${environment.supervisor.url}/status` })
  expect(status.data).toMatchObject({
    components: [
      { name: 'prometheus', state: 'ready' },
      { name: 'loki', state: 'ready' },
      { name: 'alertmanager', state: expect.stringContaining('answering 404') },
    ],
  })
  await close()
  await expect(new Prometheus(addressOfPrometheus).version()).rejects.toMatchObject({
    code: 'BACKEND_UNREACHABLE',
  })
  expect(server.asked.filter(({ method }) => method !== 'GET').map(({ path }) => path)).toEqual(
    Array(6).fill('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'),
  )
  expect(failures).toEqual([])
})

test('the credentials stay here: the server gets them, and no claim and no file of the run', async () => {
  const server = await clusterDouble()
  const { request } = await requestFor(server.url)
  const { environment, close } = await clusterHome.open(request)
  expect(server.asked.every(({ headers }) => headers.authorization === `Bearer ${credential}`)).toBe(true)
  expect(JSON.stringify(environment)).not.toContain(credential)
  expect(readFileSync(environment.kubernetes?.kubeconfig ?? '', 'utf8')).not.toContain(credential)
  await close()
})

test('what was asked is kept beside the run, and a request beyond the plan fails it', async () => {
  const server = await clusterDouble()
  const { request, failures } = await requestFor(server.url)
  const { environment, close } = await clusterHome.open(request)
  const before = server.asked.length
  await send({
    backend: 'prometheus',
    url: `${environment.addresses.prometheus}/api/v1/admin/tsdb/snapshot`,
    method: 'POST',
  })
  await close()
  expect(server.asked).toHaveLength(before)
  const beyond = 'POST /api/v1/admin/tsdb/snapshot at prometheus'
  expect(failures).toEqual([`a request was not in the plan, so it was not made: ${beyond}`])
  const kept = JSON.parse(readFileSync(join(environment.folder, 'requests.json'), 'utf8'))
  expect(kept.refused).toEqual([beyond])
  expect(kept.handedOn).toContainEqual({ backend: 'kubernetes', method: 'GET', path: '/version', times: 1 })
})

test.each([
  ['CONFIG_INVALID', { ...wellAnswers, [`${services}/loki`]: undefined }],
  [
    'KUBE_FORBIDDEN',
    {
      ...wellAnswers,
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews': { status: { allowed: false } },
    },
  ],
])('%s is told before the folder of the run is touched', async (code, answers) => {
  const server = await clusterDouble(answers)
  const { request } = await requestFor(server.url)
  await expect(clusterHome.open(request)).rejects.toMatchObject({ code })
  expect(existsSync(request.folder)).toBe(false)
})

test('a server that is not there is told with its place', async () => {
  const { request } = await requestFor(await deadAddress())
  await expect(clusterHome.open(request)).rejects.toMatchObject({
    code: 'KUBE_UNREACHABLE',
    account: { where: 'signalproof.config.ts cluster.context' },
  })
})

test.each([
  ['--set', { set: [{ text: 'loki:a=1', component: 'loki', path: 'a', value: 1 }] as never }],
  ['--keep', { keep: true }],
])('%s is refused: nothing is rendered or started there', async (option, more) => {
  const { request } = await requestFor('http://127.0.0.1:9', more)
  await expect(clusterHome.open(request)).rejects.toMatchObject({
    code: 'USAGE_BAD_VALUE',
    account: { where: expect.stringContaining(option) },
  })
})

test('a configuration without a cluster says what is missing', async () => {
  const { request } = await requestFor('http://127.0.0.1:9')
  const { cluster: _, ...config } = request.project.config
  await expect(
    clusterHome.open({ ...request, project: { ...request.project, config } }),
  ).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    account: { where: 'signalproof.config.ts cluster' },
  })
})
