import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { naiveReceiver } from '../backends/alert-receiver.ts'
import { imageName } from '../config/cluster-images.ts'
import { clusterParts, composeCluster } from '../config/cluster-rendering.ts'
import type { ProfileName } from '../config/config-schema.ts'
import { configurationAnnotation } from '../config/configuration-checksum.ts'
import { getAtPath } from '../config/document-path.ts'
import { loadConfig } from '../config/load-config.ts'
import { containersOf, type ManifestObject, objectName, podTemplateOf } from '../config/manifest-object.ts'
import { parseSetOption } from '../config/set-option.ts'
import { readStackDocuments } from '../config/stack-documents.ts'
import { installComponents } from '../toolchain/install-components.ts'
import { kustomize } from './kustomize.ts'
import { type ClusterToApply, readManifests, renderCluster } from './render-cluster.ts'

const [kubectl] = await installComponents(['kubectl'])
const command = kubectl?.location ?? ''
const project = await loadConfig(join(import.meta.dirname, '..', '..'))
const apps = ['available-schedules-python', 'available-schedules-go', 'frontend', 'alert-receiver']
const images = Object.fromEntries(
  apps.map((app) => [`signalproof/${app}`, `signalproof/${app}:0123456789ab`]),
)
const faultToken = 'a-token-of-some-length'

const root = (...path: string[]) => join(project.root, 'manifests', ...path)
const documents = readStackDocuments(project)
const [cluster = [], stack = [], ofApps = []] = await Promise.all(
  [root('cluster'), root('verification', 'stack'), root('verification', 'apps')].map((each) =>
    kustomize(command, each),
  ),
)
const inGit = { cluster, stack, apps: ofApps }

function render(profile: ProfileName, ...set: string[]): Map<string, ManifestObject> {
  const parsed = set.map(parseSetOption)
  const rendered = composeCluster({ objects: inGit, documents, profile, set: parsed, images, faultToken })
  return new Map(clusterParts.flatMap((part) => rendered[part]).map((object) => [objectName(object), object]))
}

const checksumOf = (objects: Map<string, ManifestObject>, name: string): unknown =>
  getAtPath(objects.get(name), `spec.template.metadata.annotations.${configurationAnnotation}`)

const fileOf = (objects: Map<string, ManifestObject>, configMap: string, file: string): unknown =>
  parse((objects.get(configMap)?.data as Record<string, string> | undefined)?.[file] ?? '')

/** An object without what every rendering changes; files of configuration parsed, since their layout says nothing. */
function bare(object: ManifestObject): unknown {
  const copy = structuredClone(object)
  const template = podTemplateOf(copy)
  if (template !== undefined) {
    const { [configurationAnnotation]: _, ...annotations } = template.metadata.annotations ?? {}
    template.metadata.annotations = annotations
    for (const container of containersOf(template)) {
      if (container.image.startsWith('signalproof/')) container.image = imageName(container.image)
    }
  }
  if (copy.kind === 'ConfigMap') {
    const files = Object.entries((copy.data ?? {}) as Record<string, string>)
    copy.data = Object.fromEntries(
      files.map(([file, text]) => [file, file.endsWith('.yaml') ? parse(text) : text]),
    )
  }
  return copy
}

test('the production rendering is what kustomize gives, but for what a verification adds', () => {
  const rendered = render('production')
  const given = Object.values(inGit).flat()
  expect(given.length).toBeGreaterThan(80)
  const added = [...rendered.keys()].filter((name) => !given.some((object) => objectName(object) === name))
  expect(added).toEqual(['Secret.observability.fault-switch', 'Secret.apps.fault-switch'])
  const different = given.filter((object) => {
    const other = rendered.get(objectName(object))
    return other === undefined || !isDeepStrictEqual(bare(other), bare(object))
  })
  // Only to whom alerts are sent, and what objectives record without their alerts.
  expect(different.map(objectName)).toEqual([
    'ConfigMap.observability.loki',
    'ConfigMap.observability.prometheus',
    'ConfigMap.observability.slo-rules',
  ])
})

test('both rulers tell both Alertmanagers, Prometheus by an address of its own', async () => {
  const objects = render('fast')
  expect(
    getAtPath(
      fileOf(objects, 'ConfigMap.observability.prometheus', 'prometheus.yaml'),
      'alerting.alertmanagers',
    ),
  ).toEqual([
    {
      static_configs: [
        {
          targets: ['prometheus-to-alertmanager.observability:9093', 'alertmanager-naive.observability:9093'],
        },
      ],
    },
  ])
  expect(
    getAtPath(fileOf(objects, 'ConfigMap.observability.loki', 'loki.yaml'), 'ruler.alertmanager_url'),
  ).toBe('http://alertmanager.observability:9093,http://alertmanager-naive.observability:9093')
  const naive = fileOf(objects, 'ConfigMap.observability.alertmanager-naive', 'alertmanager.yaml')
  expect(getAtPath(naive, 'route')).toMatchObject({
    receiver: naiveReceiver,
    group_by: ['...'],
    group_wait: '0s',
  })
  expect(getAtPath(naive, 'receivers.0.webhook_configs.0.url')).toMatch(
    new RegExp(`/webhook/${naiveReceiver}$`),
  )
})

test('the fast profile reaches files, flags and the pause before an end', async () => {
  const objects = render('fast')
  expect(
    getAtPath(
      fileOf(objects, 'ConfigMap.observability.prometheus', 'prometheus.yaml'),
      'global.scrape_interval',
    ),
  ).toBe('500ms')
  const args = getAtPath(
    objects.get('Deployment.observability.prometheus'),
    'spec.template.spec.containers.prometheus.args',
  )
  expect(args).toContain('--rules.alert.resend-delay=1s')
  expect((args as string[]).filter((arg) => arg.startsWith('--rules.alert.resend-delay'))).toHaveLength(1)
  const pause = 'spec.template.spec.containers.0.lifecycle.preStop.sleep.seconds'
  expect(apps.slice(0, 3).map((app) => getAtPath(objects.get(`Deployment.apps.${app}`), pause))).toEqual([
    5, 5, 5,
  ])
})

test('--set changes a document inside its ConfigMap, and new pods follow from it, of that component only', async () => {
  const before = render('fast')
  const after = render('fast', 'log-rules:groups.log-errors.rules.LogsErrorBurst.for=1h')
  expect(
    getAtPath(fileOf(after, 'ConfigMap.observability.log-rules', 'log-errors.yaml'), 'groups.0.rules.0.for'),
  ).toBe('1h')
  const changed = [...after.keys()].filter((name) => checksumOf(after, name) !== checksumOf(before, name))
  expect(changed).toEqual(['Deployment.observability.loki'])
})

test('--set changes any object, and what was put into it', async () => {
  const objects = render(
    'fast',
    'objects:Deployment.observability.loki.spec.template.spec.containers.loki.volumeMounts.rules.mountPath=/etc/loki-rules',
    'objects:Service.apps.frontend.spec.selector={ app.kubernetes.io/name: nobody }',
    'ingress:spec.rules.0.http.paths.0.path=/v9',
    'objects:Ingress.apps.apps.spec.ingressClassName=other',
  )
  const mounts = 'spec.template.spec.containers.loki.volumeMounts.rules.mountPath'
  expect(getAtPath(objects.get('Deployment.observability.loki'), mounts)).toBe('/etc/loki-rules')
  expect(getAtPath(objects.get('Service.apps.frontend'), 'spec.selector')).toEqual({
    'app.kubernetes.io/name': 'nobody',
  })
  const ingress = objects.get('Ingress.apps.apps')
  expect(getAtPath(ingress, 'spec.rules.0.http.paths.0.path')).toBe('/v9')
  expect(getAtPath(ingress, 'spec.ingressClassName')).toBe('other')
})

test('--set changes the environment of an app, and of that app only', async () => {
  const before = render('fast')
  const after = render(
    'fast',
    'apps:frontend.OTEL_PROPAGATORS=none',
    'apps:frontend.OTEL_BSP_SCHEDULE_DELAY=7',
  )
  const env = 'spec.template.spec.containers.0.env'
  const variablesOf = (app: string) =>
    getAtPath(after.get(`Deployment.apps.${app}`), env) as { name: string; value?: string }[]
  expect(variablesOf('frontend')).toEqual(
    expect.arrayContaining([
      { name: 'OTEL_PROPAGATORS', value: 'none' },
      { name: 'OTEL_BSP_SCHEDULE_DELAY', value: '7' },
      { name: 'INGRESS_HOST', value: 'dev.local' },
    ]),
  )
  const changed = [...after].filter(([name, object]) => !isDeepStrictEqual(object, before.get(name)))
  expect(changed.map(([name]) => name)).toEqual(['Deployment.apps.frontend'])
  expect(variablesOf('available-schedules-go')).toContainEqual({
    name: 'OTEL_BSP_SCHEDULE_DELAY',
    value: '400',
  })
})

test('each app says by itself where its spans come from, and what it says needs stands before it', async () => {
  const objects = render('production')
  for (const app of apps.slice(0, 3)) {
    const variables = getAtPath(
      objects.get(`Deployment.apps.${app}`),
      `spec.template.spec.containers.${app}.env`,
    ) as { name: string; value?: string }[]
    const { value = '' } = variables.find(({ name }) => name === 'OTEL_RESOURCE_ATTRIBUTES') ?? {}
    const needed = [...value.matchAll(/\$\((\w+)\)/g)].map(([, name]) => name)
    expect(needed).toEqual(['POD_NAMESPACE', 'POD_NAME'])
    // The kubelet fills in only what was defined before.
    const names = variables.map(({ name }) => name)
    expect(names.slice(0, names.indexOf('OTEL_RESOURCE_ATTRIBUTES'))).toEqual(expect.arrayContaining(needed))
    expect(variables).toContainEqual({ name: 'OTEL_SERVICE_NAME', value: app })
  }
})

test('Grafana, where it is part of the stack, gets the dashboards and datasources as they are rendered', async () => {
  const manifests = await readManifests({ project, kubectl: command, grafana: true })
  const set = [
    'dashboards:app-latency.panels.Requests per second.targets.A.expr=up',
    'datasources:datasources.Tempo.url=http://elsewhere:3200',
  ].map(parseSetOption)
  const { stack, documents } = renderCluster(manifests, { profile: 'fast', set, images, faultToken: 'token' })
  const dataOf = (name: string) => {
    const map = stack.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name)
    return getAtPath(map, 'data') as Record<string, string>
  }
  const sources = parse(dataOf('grafana-datasources')['datasources.yaml'] ?? '') as unknown
  expect(getAtPath(sources, 'datasources.Prometheus.jsonData.timeInterval')).toBe('500ms')
  expect(getAtPath(sources, 'datasources.Tempo.url')).toBe('http://elsewhere:3200')
  const boards = dataOf('grafana-dashboards')
  expect(Object.keys(boards)).toEqual(Object.keys(documents.dashboards as object).map((uid) => `${uid}.json`))
  const board = JSON.parse(boards['app-latency.json'] ?? '') as unknown
  expect(getAtPath(board, 'panels.Requests per second.targets.A.expr')).toBe('up')
  // What objectives record is loaded there, and their alerts are not.
  const rules = parse(dataOf('slo-rules')['objectives.yaml'] ?? '') as { groups: { rules: object[] }[] }
  expect(rules.groups.length).toBeGreaterThan(5)
  expect(rules.groups.flatMap((group) => group.rules).filter((rule) => 'alert' in rule)).toEqual([])
}, 60_000)

test('--set on an object that is not there says which are', async () => {
  expect(() => render('fast', 'objects:Service.apps.frontent.spec.selector={}')).toThrow(
    /SET_PATH_UNKNOWN[\s\S]*Service\.apps\.frontend/,
  )
})

test('the fault token is in the Secrets and nowhere else', async () => {
  const objects = render('fast')
  const holders = [...objects].filter(([, object]) =>
    JSON.stringify(object).includes(Buffer.from(faultToken).toString('base64')),
  )
  expect(holders.map(([name]) => name)).toEqual([
    'Secret.observability.fault-switch',
    'Secret.apps.fault-switch',
  ])
  expect(JSON.stringify([...objects.values()])).not.toContain(faultToken)
})

test('Grafana is part of the stack where it is asked for', async () => {
  const asked = { profile: 'fast' as const, set: [], images, faultToken }
  const [without, withGrafana] = (
    await Promise.all([false, true].map((grafana) => readManifests({ project, kubectl: command, grafana })))
  ).map((manifests) => renderCluster(manifests, asked)) as [ClusterToApply, ClusterToApply]
  const more = withGrafana.stack.filter(({ metadata }) => metadata.name.includes('grafana'))
  expect(without.stack.filter(({ metadata }) => metadata.name === 'grafana')).toEqual([])
  expect(more.map(({ kind }) => kind)).toContain('Deployment')
  expect(withGrafana.stack.length - without.stack.length).toBe(more.length)
}, 60_000)

test('an image of ours without a tag is refused: which one would run?', () => {
  const { 'signalproof/frontend': _, ...others } = images
  const rendering = () =>
    renderCluster({ objects: inGit, documents }, { profile: 'fast', set: [], images: others, faultToken })
  expect(rendering).toThrow(
    /CONFIG_INVALID: expected an image with a tag[\s\S]*Deployment\.apps\.frontend[\s\S]*seen: signalproof\/frontend/,
  )
})
