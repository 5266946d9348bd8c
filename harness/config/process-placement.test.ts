import { join } from 'node:path'
import { expect, test } from 'vitest'
import { getAtPath, mapStrings } from './document-path.ts'
import { loadConfig } from './load-config.ts'
import {
  containerLogFile,
  type ProcessHome,
  placeAsProcesses,
  processLinks,
  processPorts,
  traefikRoutes,
} from './process-placement.ts'
import { readStackDocuments, type StackDocuments } from './stack-documents.ts'
import { applyProfile } from './time-profiles.ts'

const project = await loadConfig(join(import.meta.dirname, '..', '..'))
const git = readStackDocuments(project)
const home: ProcessHome = {
  folder: '/run/one',
  ports: Object.fromEntries(
    processPorts.map((port, index) => [port, 20_001 + index]),
  ) as ProcessHome['ports'],
  id: 'ab12',
}
const portsOfHome = Object.values(home.ports)
const place = (documents: StackDocuments = git) => placeAsProcesses(documents, project.config, home)

/** Addresses in a document that are not one of the home's own on 127.0.0.1. */
function strayAddresses(document: unknown): string[] {
  const strays: string[] = []
  mapStrings(document, (text) => {
    const [, host, port] = /^(?:https?:\/\/)?([\w.-]*):(\d+)(?:\/\S*)?$/.exec(text) ?? []
    const stray =
      host === undefined
        ? /0\.0\.0\.0|\.observability|\.svc/.test(text)
        : host !== '127.0.0.1' || !portsOfHome.includes(Number(port))
    if (stray) strays.push(text)
    return text
  })
  return strays
}

test.each(['fast', 'production'] as const)(
  '%s: no service address, no 0.0.0.0 and no bare port is left',
  (profile) => {
    const placed = place(applyProfile(profile, git))
    expect(strayAddresses({ ...placed, routes: traefikRoutes(placed.ingress, home) })).toEqual([])
  },
)

test.each([
  'mimir.observability:9009',
  'http://tempo.observability.svc/push',
  '0.0.0.0:13133',
  '0.0.0.0',
  ':8000',
  'http://127.0.0.1:9090/x',
])('a rendering with %s in it would be found', (address) => {
  expect(strayAddresses(place({ ...git, alertmanager: { receivers: [{ url: address }] } }))).toEqual([
    address,
  ])
})

test('finds something to place: the documents in git name services and listen for everybody', () => {
  expect(strayAddresses(git).length).toBeGreaterThan(10)
})

test('every listener is on 127.0.0.1, on its own port', () => {
  const { loki, tempo, collector, traefik } = place()
  const reader = getAtPath(collector, 'service.telemetry.metrics.readers.0.pull.exporter.prometheus')
  expect(loki).toMatchObject({
    server: {
      http_listen_address: '127.0.0.1',
      http_listen_port: home.ports.loki,
      grpc_listen_address: '127.0.0.1',
      grpc_listen_port: home.ports['loki-grpc'],
    },
  })
  expect(tempo).toMatchObject({
    server: {
      http_listen_address: '127.0.0.1',
      http_listen_port: home.ports.tempo,
      grpc_listen_address: '127.0.0.1',
      grpc_listen_port: home.ports['tempo-grpc'],
    },
    distributor: {
      receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${home.ports['tempo-otlp']}` } } } },
    },
  })
  expect(getAtPath(collector, 'receivers.otlp.protocols')).toEqual({
    http: { endpoint: `127.0.0.1:${home.ports['collector-otlp']}` },
  })
  expect(reader).toEqual({ host: '127.0.0.1', port: home.ports['collector-metrics'] })
  expect(getAtPath(collector, 'extensions.health_check.endpoint')).toBe(
    `127.0.0.1:${home.ports['collector-health']}`,
  )
  expect(getAtPath(traefik, 'entryPoints')).toEqual({
    web: { address: `127.0.0.1:${home.ports.traefik}` },
    internal: { address: `127.0.0.1:${home.ports['traefik-internal']}` },
  })
})

test('Prometheus scrapes each app at its own port, with the labels that discovery would give it', () => {
  const { prometheus, targets } = place()
  expect(getAtPath(prometheus, 'scrape_configs.apps')).toEqual({
    job_name: 'apps',
    file_sd_configs: [{ files: ['/run/one/config/targets/*.json'] }],
  })
  expect(targets).toEqual(
    Object.fromEntries(
      project.config.apps.map(({ name }) => [
        name,
        [
          {
            targets: [`127.0.0.1:${home.ports[name as keyof ProcessHome['ports']]}`],
            labels: { namespace: 'apps', app: name, pod: `${name}-ab12` },
          },
        ],
      ]),
    ),
  )
})

test('both rulers reach Alertmanager by a link of their own, and the naive one beside it', () => {
  const { prometheus, loki, collector } = place()
  const at = (port: keyof ProcessHome['ports']) => `127.0.0.1:${home.ports[port]}`
  expect(getAtPath(prometheus, 'alerting.alertmanagers')).toEqual([
    { static_configs: [{ targets: [at('prometheus-to-alertmanager'), at('alertmanager-naive')] }] },
  ])
  expect(getAtPath(loki, 'ruler.alertmanager_url')).toBe(
    `http://${at('ruler-to-alertmanager')},http://${at('alertmanager-naive')}`,
  )
  expect(getAtPath(collector, 'exporters.otlp_http/loki.endpoint')).toBe(
    `http://${at('collector-to-loki')}/otlp`,
  )
})

test('spans go from each app to the collector, and from there to Tempo by a link that can be cut', () => {
  const { collector, apps } = place()
  expect(getAtPath(collector, 'exporters.otlp_http/tempo.endpoint')).toBe(
    `http://127.0.0.1:${home.ports['collector-to-tempo']}`,
  )
  expect(processLinks['collector-to-tempo']).toBe('tempo-otlp')
  expect(apps).toEqual(
    Object.fromEntries(
      project.config.apps.map(({ name, namespace }) => [
        name,
        {
          OTEL_SERVICE_NAME: name,
          OTEL_RESOURCE_ATTRIBUTES: `k8s.namespace.name=${namespace},k8s.pod.name=${name}-ab12`,
          OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${home.ports['collector-otlp']}`,
          OTEL_BSP_SCHEDULE_DELAY: '1000',
        },
      ]),
    ),
  )
})

test('every pipeline names only what the collector has', () => {
  const { collector } = place()
  const pipelines = getAtPath(collector, 'service.pipelines') as Record<string, Record<string, string[]>>
  expect(Object.keys(pipelines)).toEqual(['logs', 'traces'])
  for (const [name, parts] of Object.entries(pipelines)) {
    for (const [kind, names] of Object.entries(parts)) {
      const known = Object.keys(getAtPath(collector, kind) as object)
      expect(known, `${kind} of ${name}`).toEqual(expect.arrayContaining(names))
    }
  }
})

test('the collector reads where the apps write, and names only processors that it has', () => {
  const { collector } = place()
  const [glob] = getAtPath(collector, 'receivers.file_log.include') as string[]
  const asRegExp = new RegExp(`^${glob?.replaceAll('*', '[^/]*')}$`)
  const files = project.config.apps.map(({ name, namespace }) => containerLogFile(home, namespace, name))
  for (const file of files) expect(file).toMatch(asRegExp)
  expect(new Set(files).size).toBe(files.length)
  const processors = getAtPath(collector, 'processors') as Record<string, unknown>
  expect(Object.keys(processors)).toEqual(
    expect.arrayContaining(getAtPath(collector, 'service.pipelines.logs.processors') as string[]),
  )
  expect(getAtPath(collector, 'service.pipelines.logs.processors')).toContain('resource/app')
  expect(processors).not.toHaveProperty('k8s_attributes')
})

test('rules, routing, ingress and switches are the same as on Kubernetes', () => {
  const placed = place()
  for (const name of ['log-rules', 'metric-rules', 'ingress', 'prometheus-flags', 'fault-switch'] as const) {
    expect(placed[name], name).toEqual(git[name])
  }
  expect(getAtPath(placed.alertmanager, 'route')).toEqual(getAtPath(git.alertmanager, 'route'))
})

test('every folder that is written to lies below the home, and two homes share none', () => {
  const other = placeAsProcesses(git, project.config, { ...home, folder: '/run/two' })
  const foldersOf = (documents: StackDocuments) => {
    const folders: string[] = []
    mapStrings(
      [documents.loki, documents.tempo, documents.prometheus, documents.collector, documents.traefik],
      (text) => {
        if (text.startsWith('/') && text !== '/') folders.push(text)
        return text
      },
    )
    return folders
  }
  expect(foldersOf(place()).length).toBeGreaterThan(5)
  expect(foldersOf(place()).filter((folder) => !folder.startsWith('/run/one/'))).toEqual([])
  expect(foldersOf(other).filter((folder) => !folder.startsWith('/run/two/'))).toEqual([])
})

test('leaves the documents of git as they were', () => {
  const before = structuredClone(git)
  place()
  expect(git).toEqual(before)
})

test('Traefik routes each path of the Ingress for its host to its own app', () => {
  expect(traefikRoutes(git.ingress, home)).toEqual({
    http: {
      routers: {
        'available-schedules-python': {
          rule: 'Host(`dev.local`) && PathPrefix(`/v1`)',
          service: 'available-schedules-python',
          entryPoints: ['web'],
        },
        'available-schedules-go': {
          rule: 'Host(`dev.local`) && PathPrefix(`/v2`)',
          service: 'available-schedules-go',
          entryPoints: ['web'],
        },
        frontend: { rule: 'Host(`dev.local`) && PathPrefix(`/`)', service: 'frontend', entryPoints: ['web'] },
      },
      services: Object.fromEntries(
        (['available-schedules-python', 'available-schedules-go', 'frontend'] as const).map((name) => [
          name,
          { loadBalancer: { servers: [{ url: `http://127.0.0.1:${home.ports[name]}` }] } },
        ]),
      ),
    },
  })
})
