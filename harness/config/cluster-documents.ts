import { parse, stringify } from 'yaml'
import { SignalproofError } from '../core/signalproof-error.ts'
import { putAppVariables } from './app-variables.ts'
import { type Document, type DocumentMap, isMap } from './document-path.ts'
import { containersOf, type ManifestObject, objectName, podTemplateOf } from './manifest-object.ts'
import type { DocumentName, StackDocuments } from './stack-documents.ts'

/** Which file of which ConfigMap a document is on a cluster; rules are all files of theirs. */
const documentPlaces = {
  prometheus: { configMap: 'ConfigMap.observability.prometheus', file: 'prometheus.yaml' },
  'metric-rules': { configMap: 'ConfigMap.observability.metric-rules', file: 'every' },
  loki: { configMap: 'ConfigMap.observability.loki', file: 'loki.yaml' },
  tempo: { configMap: 'ConfigMap.observability.tempo', file: 'tempo.yaml' },
  'log-rules': { configMap: 'ConfigMap.observability.log-rules', file: 'every' },
  alertmanager: { configMap: 'ConfigMap.observability.alertmanager', file: 'alertmanager.yaml' },
  collector: { configMap: 'ConfigMap.observability-node.collector', file: 'collector.yaml' },
  traefik: { configMap: 'ConfigMap.ingress.traefik', file: 'traefik.yaml' },
} as const satisfies Partial<Record<DocumentName, { configMap: string; file: string }>>

const prometheusWorkload = 'Deployment.observability.prometheus'
const ingressObject = 'Ingress.apps.apps'

/**
 * Puts the documents into the objects that carry them, in place: ConfigMaps, Prometheus' command line, the Ingress, and
 * the apps' environment.
 * @throws SignalproofError CONFIG_INVALID for a document that no object carries
 */
export function putDocuments(objects: Record<string, ManifestObject>, documents: StackDocuments): void {
  for (const [name, { configMap, file }] of Object.entries(documentPlaces)) {
    const data = dataOf(objects, configMap)
    const document = documents[name as keyof typeof documentPlaces]
    if (file === 'every') putRules(data, document)
    else if (data[file] !== undefined) data[file] = stringify(document)
    else throw notCarried(`the file ${file} in ${configMap}`, Object.keys(data))
  }
  putObjectives(objects, documents['slo-rules'])
  putDashboards(objects, documents)
  putFlags(objects, documents['prometheus-flags'])
  Object.assign(existing(objects, ingressObject), documents.ingress)
  putAppVariables(Object.values(objects), documents.apps)
}

function existing(objects: Record<string, ManifestObject>, name: string): ManifestObject {
  const object = objects[name]
  if (object === undefined) throw notCarried(name, Object.keys(objects))
  return object
}

function dataOf(objects: Record<string, ManifestObject>, configMap: string): Record<string, string> {
  return (existing(objects, configMap).data ?? {}) as Record<string, string>
}

/** Without data in the manifests of a verified cluster: which of the rules are loaded there is decided by the documents. */
function putObjectives(objects: Record<string, ManifestObject>, document: Document): void {
  existing(objects, 'ConfigMap.observability.slo-rules').data = { 'objectives.yaml': stringify(document) }
}

/** Where Grafana is a part of the stack: elsewhere no object carries them. */
function putDashboards(
  objects: Record<string, ManifestObject>,
  { dashboards, datasources }: StackDocuments,
): void {
  const sources = objects['ConfigMap.observability.grafana-datasources']
  const boards = objects['ConfigMap.observability.grafana-dashboards']
  if (sources !== undefined) sources.data = { 'datasources.yaml': stringify(datasources) }
  if (boards === undefined) return
  boards.data = Object.fromEntries(
    Object.entries(dashboards as DocumentMap).map(([uid, dashboard]) => [
      `${uid}.json`,
      JSON.stringify(dashboard, null, 2),
    ]),
  )
}

/** Each group into the file that it came from; one that came from none into the first. */
function putRules(data: Record<string, string>, document: Document): void {
  const left = isMap(document) && Array.isArray(document.groups) ? [...(document.groups as Document[])] : []
  const files = Object.keys(data).sort()
  const groups = files.map((file) => {
    const names = groupsOf(parse(data[file] ?? '')).map(nameOf)
    const here = left.filter((group) => names.includes(nameOf(group)))
    for (const group of here) left.splice(left.indexOf(group), 1)
    return here
  })
  groups[0]?.push(...left)
  files.forEach((file, index) => {
    data[file] = stringify({ groups: groups[index] })
  })
}

const groupsOf = (document: Document): Document[] =>
  isMap(document) && Array.isArray(document.groups) ? document.groups : []

const nameOf = (group: Document): unknown => (isMap(group) ? group.name : undefined)

/** Replaces each flag in the arguments of the container, or adds it. */
function putFlags(objects: Record<string, ManifestObject>, flags: Document): void {
  const template = podTemplateOf(existing(objects, prometheusWorkload))
  const container = template && containersOf(template).find(({ name }) => name === 'prometheus')
  if (container === undefined) throw notCarried(`a container prometheus in ${prometheusWorkload}`, [])
  const args = [...(container.args ?? [])]
  for (const [flag, value] of Object.entries(flags as DocumentMap)) {
    const index = args.findIndex((arg) => arg.startsWith(`--${flag}=`))
    args.splice(index === -1 ? args.length : index, 1, `--${flag}=${String(value)}`)
  }
  container.args = args
}

function notCarried(what: string, there: readonly string[]): SignalproofError {
  return new SignalproofError('CONFIG_INVALID', {
    expected: `${what} among the objects of manifests/`,
    seen: there.length === 0 ? 'none' : `only ${there.join(', ')}`,
    where: 'manifests/',
    remedy: 'put it back, or change the table in harness/config/cluster-documents.ts',
  })
}

/** All objects by the name that `--set objects:…` calls them. @throws SignalproofError CONFIG_INVALID for two of one name */
export function byObjectName(objects: readonly ManifestObject[]): Record<string, ManifestObject> {
  const named: Record<string, ManifestObject> = {}
  for (const object of objects) {
    const name = objectName(object)
    if (named[name] !== undefined) {
      throw new SignalproofError('CONFIG_INVALID', {
        expected: 'every object once',
        seen: `${name} twice`,
        where: 'manifests/',
        remedy: 'name it in one kustomization only',
      })
    }
    named[name] = object
  }
  return named
}
