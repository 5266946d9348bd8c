import { join } from 'node:path'
import { SignalproofError } from '../core/signalproof-error.ts'
import { type AppVariables, inPods } from './app-variables.ts'
import type { SignalproofConfig } from './config-schema.ts'
import { type Document, type DocumentMap, getAtPath, isMap, mapStrings, setAtPath } from './document-path.ts'
import type { StackDocuments } from './stack-documents.ts'

/**
 * Everything that differs between the stack on Kubernetes and the stack as processes on one machine: discovery,
 * addresses and folders. Rules, routing, pipelines, labels and durations are the same.
 */

/** Every port of the process environment, by the service and the port's purpose. */
export const processPorts = [
  'prometheus',
  'loki',
  'loki-grpc',
  'tempo',
  'tempo-grpc',
  'tempo-otlp',
  'alertmanager',
  'alertmanager-naive',
  'collector-metrics',
  'collector-health',
  'collector-otlp',
  'traefik',
  'traefik-internal',
  'alert-receiver',
  'alert-receiver-admin',
  'frontend',
  'available-schedules-python',
  'available-schedules-python-admin',
  'available-schedules-go',
  'available-schedules-go-admin',
  'ruler-to-alertmanager',
  'prometheus-to-alertmanager',
  'collector-to-loki',
  'collector-to-tempo',
] as const

/** The ways between components that can be cut, and where each leads: the link listens on the port of its own name. */
export const processLinks = {
  'ruler-to-alertmanager': 'alertmanager',
  'prometheus-to-alertmanager': 'alertmanager',
  'collector-to-loki': 'loki',
  'collector-to-tempo': 'tempo-otlp',
} as const satisfies Partial<Record<ProcessPort, ProcessPort>>

export type ProcessPort = (typeof processPorts)[number]

export interface ProcessHome {
  /** The environment's folder: config/, data/ (removed at the end), pods/ and logs/. */
  readonly folder: string
  readonly ports: Record<ProcessPort, number>
  /** Distinguishes this environment's pods from those of any other. */
  readonly id: string
}

/** Kubernetes' service address → the port that serves it here. */
const services: Record<string, ProcessPort> = {
  'prometheus.observability:9090': 'prometheus',
  'loki.observability:3100': 'loki',
  'tempo.observability:3200': 'tempo',
  'alertmanager.observability:9093': 'alertmanager',
  'alert-receiver.observability:8080': 'alert-receiver',
  'collector.observability-node:8888': 'collector-metrics',
  'collector.observability-node:4318': 'collector-otlp',
  'traefik.ingress:9100': 'traefik-internal',
}

export const local = (home: Pick<ProcessHome, 'ports'>, port: ProcessPort): string =>
  `127.0.0.1:${home.ports[port]}`

/** Where Prometheus finds its targets, one file an app, so that discovery can lose one. */
export const targetsFolder = (home: Pick<ProcessHome, 'folder'>): string =>
  join(home.folder, 'config', 'targets')

/** The pod an app is here: the nearest true value of what Kubernetes would call it. */
export const podOf = (home: Pick<ProcessHome, 'id'>, app: string): string => `${app}-${home.id}`

/** Where the container runtime would write an app's lines; the collector reads namespace, pod and container from it. */
export function containerLogFile(
  home: Pick<ProcessHome, 'folder' | 'id'>,
  namespace: string,
  app: string,
): string {
  const uid = `00000000-0000-4000-8000-${Buffer.from(app).toString('hex').padEnd(12, '0').slice(0, 12)}`
  return join(home.folder, 'pods', `${namespace}_${podOf(home, app)}_${uid}`, app, '0.log')
}

/** The documents as the processes of `home` get them. */
export function placeAsProcesses(
  documents: StackDocuments,
  config: SignalproofConfig,
  home: ProcessHome,
): StackDocuments {
  const placed = mapStrings(documents, (text) => withLocalServices(text, home)) as StackDocuments
  placeLoki(placed.loki, home)
  placeTempo(placed.tempo, home)
  placePrometheus(placed.prometheus, home)
  placed.targets = targetsOf(config, home)
  placed.apps = placeApps(placed.apps as AppVariables, config, home)
  placeAlertmanagers(placed, home)
  placeCollector(placed.collector, home)
  placeTraefik(placed.traefik, home)
  return placed
}

/** Replaces a service's address where a text is that address or a URL with it. */
function withLocalServices(text: string, home: ProcessHome): string {
  const match = /^(https?:\/\/)?([a-z0-9.-]+:\d+)(\/.*)?$/.exec(text)
  const port = match?.[2] === undefined ? undefined : services[match[2]]
  return match === null || port === undefined
    ? text
    : `${match[1] ?? ''}${local(home, port)}${match[3] ?? ''}`
}

/** Loki's own folders and ports. */
export function placeLoki(loki: Document, home: ProcessHome): void {
  const data = join(home.folder, 'data', 'loki')
  const rules = join(home.folder, 'config', 'loki-rules')
  const values: [string, unknown][] = [
    ['server.http_listen_address', '127.0.0.1'],
    ['server.http_listen_port', home.ports.loki],
    ['server.grpc_listen_port', home.ports['loki-grpc']],
    ['frontend.scheduler_address', local(home, 'loki-grpc')],
    ['frontend_worker.scheduler_address', local(home, 'loki-grpc')],
    ['common.path_prefix', data],
    ['common.storage.filesystem.chunks_directory', join(data, 'chunks')],
    ['common.storage.filesystem.rules_directory', rules],
    ['ruler.storage.local.directory', rules],
    ['ruler.rule_path', join(data, 'rules-temp')],
    ['ruler.wal.dir', join(data, 'ruler-wal')],
  ]
  for (const [path, value] of values) setAtPath(loki, path, value, 'loki')
}

/** Tempo's own folders and ports. */
function placeTempo(tempo: Document, home: ProcessHome): void {
  const data = join(home.folder, 'data', 'tempo')
  const values: [string, unknown][] = [
    ['server.http_listen_address', '127.0.0.1'],
    ['server.http_listen_port', home.ports.tempo],
    ['server.grpc_listen_port', home.ports['tempo-grpc']],
    ['distributor.receivers.otlp.protocols.http.endpoint', local(home, 'tempo-otlp')],
    ['querier.frontend_worker.frontend_address', local(home, 'tempo-grpc')],
    ['storage.trace.wal.path', join(data, 'wal')],
    ['storage.trace.local.path', join(data, 'blocks')],
  ]
  for (const [path, value] of values) setAtPath(tempo, path, value, 'tempo')
}

/** @throws SignalproofError CONFIG_INVALID for an app that this environment does not start */
function portOf(app: string): ProcessPort {
  const port = processPorts.find((known) => known === app)
  if (port !== undefined) return port
  throw new SignalproofError('CONFIG_INVALID', {
    expected:
      'apps that the process environment starts: available-schedules-python, available-schedules-go, frontend',
    seen: app,
    where: 'signalproof.config.ts apps',
    remedy: 'name only these; other apps need an environment that runs them',
  })
}

function placePrometheus(prometheus: Document, home: ProcessHome): void {
  const rules = ['prometheus-rules.yaml', 'slo-rules.yaml'].map((name) => join(home.folder, 'config', name))
  setAtPath(prometheus, 'rule_files', rules, 'prometheus')
  const apps = getAtPath(prometheus, 'scrape_configs.apps') as DocumentMap
  delete apps.kubernetes_sd_configs
  delete apps.relabel_configs
  apps.file_sd_configs = [{ files: [join(targetsFolder(home), '*.json')] }]
}

/** What discovery finds, by app: the labels are those that it would make of a pod. */
function targetsOf(config: SignalproofConfig, home: ProcessHome): Record<string, unknown> {
  return Object.fromEntries(
    config.apps.map(({ name, namespace }) => [
      name,
      [{ targets: [local(home, portOf(name))], labels: { namespace, app: name, pod: podOf(home, name) } }],
    ]),
  )
}

/** The pods' names and namespaces, which Kubernetes would fill in. */
function placeApps(variables: AppVariables, { apps }: SignalproofConfig, home: ProcessHome): AppVariables {
  return inPods(variables, (name) => ({
    pod: podOf(home, name),
    namespace: apps.find((app) => app.name === name)?.namespace ?? '',
  }))
}

/**
 * Both rulers reach Alertmanager by a link of their own, and tell the same to the one that neither groups nor inhibits:
 * what our routing spares is measured on one stream of alerts.
 */
function placeAlertmanagers(placed: StackDocuments, home: ProcessHome): void {
  const naive = local(home, 'alertmanager-naive')
  setAtPath(
    placed.prometheus,
    'alerting.alertmanagers',
    [{ static_configs: [{ targets: [local(home, 'prometheus-to-alertmanager'), naive] }] }],
    'prometheus',
  )
  const urls = [local(home, 'ruler-to-alertmanager'), naive].map((address) => `http://${address}`)
  setAtPath(placed.loki, 'ruler.alertmanager_url', urls.join(','), 'loki')
}

function placeCollector(collector: Document, home: ProcessHome): void {
  const endpoints: [string, string][] = [
    ['exporters.otlp_http/loki.endpoint', `http://${local(home, 'collector-to-loki')}/otlp`],
    ['exporters.otlp_http/tempo.endpoint', `http://${local(home, 'collector-to-tempo')}`],
    ['receivers.otlp.protocols.http.endpoint', local(home, 'collector-otlp')],
  ]
  for (const [path, value] of endpoints) setAtPath(collector, path, value, 'collector')
  setAtPath(
    collector,
    'receivers.file_log.include',
    [join(home.folder, 'pods', 'apps_*', '*', '*.log')],
    'collector',
  )
  const storage = join(home.folder, 'data', 'collector')
  setAtPath(collector, 'extensions.file_storage.directory', storage, 'collector')
  setAtPath(collector, 'extensions.health_check.endpoint', local(home, 'collector-health'), 'collector')
  const reader = 'service.telemetry.metrics.readers.0.pull.exporter.prometheus'
  setAtPath(collector, `${reader}.host`, '127.0.0.1', 'collector')
  setAtPath(collector, `${reader}.port`, home.ports['collector-metrics'], 'collector')
  // No API server to ask for a pod's labels: here an app's only container is named after it.
  const processors = getAtPath(collector, 'processors') as DocumentMap
  delete processors.k8s_attributes
  processors['resource/app'] = {
    attributes: [{ key: 'app', from_attribute: 'k8s.container.name', action: 'upsert' }],
  }
  const pipelines = getAtPath(collector, 'service.pipelines')
  for (const pipeline of Object.values(isMap(pipelines) ? pipelines : {}) as DocumentMap[]) {
    pipeline.processors = (pipeline.processors as string[]).map((name) =>
      name === 'k8s_attributes' ? 'resource/app' : name,
    )
  }
}

function placeTraefik(traefik: Document, home: ProcessHome): void {
  setAtPath(traefik, 'entryPoints.web.address', local(home, 'traefik'), 'traefik')
  setAtPath(traefik, 'entryPoints.internal.address', local(home, 'traefik-internal'), 'traefik')
  setAtPath(
    traefik,
    'providers',
    { file: { filename: join(home.folder, 'config', 'traefik-routes.yaml') } },
    'traefik',
  )
}

/** The routes of the Ingress object, as Traefik's file provider has them. */
export function traefikRoutes(ingress: Document, home: ProcessHome): Document {
  const rules = getAtPath(ingress, 'spec.rules') as { host: string; http: { paths: IngressPath[] } }[]
  const routes = rules.flatMap(({ host, http }) => http.paths.map((path) => ({ host, ...path })))
  return {
    http: {
      routers: Object.fromEntries(
        routes.map(({ host, path, backend }) => [
          `${backend.service.name}`,
          {
            rule: `Host(\`${host}\`) && PathPrefix(\`${path}\`)`,
            service: backend.service.name,
            entryPoints: ['web'],
          },
        ]),
      ),
      services: Object.fromEntries(
        routes.map(({ backend }) => [
          backend.service.name,
          {
            loadBalancer: {
              servers: [{ url: `http://${local(home, backend.service.name as ProcessPort)}` }],
            },
          },
        ]),
      ),
    },
  }
}

interface IngressPath {
  readonly path: string
  readonly backend: { readonly service: { readonly name: string } }
}
