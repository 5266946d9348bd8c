import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { getAtPath } from '../../harness/config/document-path.ts'
import { type ManifestObject, objectName } from '../../harness/config/manifest-object.ts'
import { clusterOf, repository, verifiedCluster } from './manifest-doubles.ts'

/** What was broken once, and is to stay mended: docs/decisions 0002 and 0015. */

const objects = new Map((await verifiedCluster()).map((object) => [objectName(object), object]))

function found(name: string): ManifestObject {
  const object = objects.get(name)
  if (object === undefined) throw new Error(`there is no ${name}`)
  return object
}

const containerOf = (name: string) =>
  getAtPath(found(name), 'spec.template.spec.containers.0') as Record<string, unknown>
const sloRules = 'ConfigMap.observability.slo-rules'
const dataOf = (name: string) => found(name).data as Record<string, string>

interface Mount {
  readonly name: string
  readonly mountPath: string
  readonly readOnly?: boolean
}

/** The mount that a path inside the container lies on: the deepest one above it. */
function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  const above = mounts.filter(({ mountPath }) => path === mountPath || path.startsWith(`${mountPath}/`))
  return above.toSorted((a, b) => b.mountPath.length - a.mountPath.length)[0]
}

test("Loki's configuration, rules and scratch folder lie on three mounts, of which only the last can be written", () => {
  const loki = parse(dataOf('ConfigMap.observability.loki')['loki.yaml'] ?? '')
  const mounts = containerOf('Deployment.observability.loki').volumeMounts as Mount[]
  const tenant = `${String(getAtPath(loki, 'ruler.storage.local.directory'))}/fake`
  const [config, rules, scratch] = [
    '/etc/loki/loki.yaml',
    `${tenant}/rules.yaml`,
    String(getAtPath(loki, 'ruler.rule_path')),
  ].map((path) => mountOf(mounts, path))
  expect([config?.readOnly, rules?.readOnly, scratch?.readOnly]).toEqual([true, true, undefined])
  expect(new Set([config?.name, rules?.name, scratch?.name]).size).toBe(3)
  // At the tenant's folder itself: one level higher, the files belong to no tenant.
  expect(rules?.mountPath).toBe(tenant)
  expect(
    getAtPath(
      found('Deployment.observability.loki'),
      `spec.template.spec.volumes.${rules?.name}.configMap.name`,
    ),
  ).toBe('log-rules')
  expect(containerOf('Deployment.observability.loki').args).toEqual(['-config.file=/etc/loki/loki.yaml'])
})

test('metrics-server asks each kubelet by its address, verifies it, and gives up before it asks again', () => {
  const args = containerOf('Deployment.kube-system.metrics-server').args as string[]
  const flag = (name: string) => args.find((arg) => arg.startsWith(`--${name}=`))?.split('=')[1]
  expect(flag('kubelet-preferred-address-types')).toBe('InternalIP')
  expect(flag('kubelet-certificate-authority')).toBe('/var/run/secrets/kubernetes.io/serviceaccount/ca.crt')
  expect(args.filter((arg) => arg.includes('insecure'))).toEqual([])
  expect(Number.parseInt(flag('kubelet-request-timeout') ?? '', 10)).toBeLessThan(
    Number.parseInt(flag('metric-resolution') ?? '', 10),
  )
})

test.each(['metrics', 'logs'])('every rule file of alerts/%s reaches the cluster', (folder) => {
  const files = readdirSync(join(repository, 'alerts', folder)).filter((name) => name.endsWith('.yaml'))
  const name = folder === 'metrics' ? 'metric-rules' : 'log-rules'
  expect(Object.keys(dataOf(`ConfigMap.observability.${name}`)).sort()).toEqual(files.sort())
})

test('the alerts of the objectives reach any cluster, and not one that is verified', async () => {
  const files = readdirSync(join(repository, 'alerts', 'slo')).filter((name) => name.endsWith('.yaml'))
  const asAnyGetsIt = (await clusterOf(['stack'])).find((object) => objectName(object) === sloRules)
  expect(Object.keys((asAnyGetsIt?.data ?? {}) as Record<string, string>).sort()).toEqual(files.sort())
  expect(files).not.toEqual([])
  expect(found(sloRules).data).toBeUndefined()
})

test('every runbook reaches the frontend', () => {
  const files = readdirSync(join(repository, 'alerts', 'runbooks')).filter((name) => name.endsWith('.md'))
  expect(Object.keys(dataOf('ConfigMap.apps.runbooks')).sort()).toEqual(files.sort())
})

test("a way in from outside exists for every address, each by a node's port of its own", () => {
  const services = [...objects.values()].filter(
    ({ kind, metadata }) => kind === 'Service' && metadata.labels?.['signalproof.dev/endpoint'],
  )
  const ports = services.map((service) => getAtPath(service, 'spec.ports.0.nodePort'))
  expect(services.map(({ metadata }) => metadata.labels?.['signalproof.dev/endpoint']).sort()).toEqual([
    'alert-receiver',
    'alert-receiver-switch',
    'alertmanager',
    'alertmanager-naive',
    'app-available-schedules-go',
    'app-available-schedules-python',
    'app-frontend',
    'collector-health',
    'collector-metrics',
    'grafana',
    'ingress',
    'loki',
    'prometheus',
    'switch-available-schedules-go',
    'switch-available-schedules-python',
    'tempo',
  ])
  expect(new Set(ports).size).toBe(services.length)
  expect(ports.every((port) => typeof port === 'number' && port >= 30_000)).toBe(true)
})
