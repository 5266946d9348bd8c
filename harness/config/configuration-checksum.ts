import { createHash } from 'node:crypto'
import { containersOf, type ManifestObject, type PodTemplate, podTemplateOf } from './manifest-object.ts'

/** The annotation of a pod template by which new configuration makes new pods. */
export const configurationAnnotation = 'signalproof.dev/configuration'

/**
 * Annotates every pod template, in place, with the checksum of the ConfigMaps and Secrets that its pods read. One that is
 * not among the objects (the cluster makes it) counts by its name.
 */
export function annotateConfiguration(objects: readonly ManifestObject[]): void {
  const contents = new Map(objects.filter(isSource).map((object) => [keyOf(object), contentOf(object)]))
  for (const object of objects) {
    const template = podTemplateOf(object)
    if (template === undefined) continue
    const sources = sourcesOf(template).map(
      ({ kind, name }) => `${kind}/${object.metadata.namespace}/${name}`,
    )
    if (sources.length === 0) continue
    const read = [...new Set(sources)].sort().map((key) => `${key} ${contents.get(key) ?? ''}`)
    const checksum = createHash('sha256').update(read.join('\n')).digest('hex').slice(0, 16)
    template.metadata.annotations = { ...template.metadata.annotations, [configurationAnnotation]: checksum }
  }
}

const isSource = ({ kind }: ManifestObject): boolean => kind === 'ConfigMap' || kind === 'Secret'

const keyOf = ({ kind, metadata }: ManifestObject): string => `${kind}/${metadata.namespace}/${metadata.name}`

const contentOf = ({ data, binaryData, stringData }: ManifestObject): string =>
  JSON.stringify([data, binaryData, stringData])

interface Source {
  readonly kind: 'ConfigMap' | 'Secret'
  readonly name: string
}

/** Everything that a pod of the template reads: mounted, projected, or as environment variables. */
export function sourcesOf(template: PodTemplate): Source[] {
  const volumes = (template.spec.volumes ?? []).flatMap(({ configMap, secret, projected }) => [
    configMapNamed(configMap?.name),
    secretNamed(secret?.secretName),
    ...(projected?.sources ?? []).flatMap((source) => [
      configMapNamed(source.configMap?.name),
      secretNamed(source.secret?.name),
    ]),
  ])
  const variables = containersOf(template).flatMap(({ env = [], envFrom = [] }) => [
    ...env.flatMap(({ valueFrom }) => [
      configMapNamed(valueFrom?.configMapKeyRef?.name),
      secretNamed(valueFrom?.secretKeyRef?.name),
    ]),
    ...envFrom.flatMap((from) => [
      configMapNamed(from.configMapRef?.name),
      secretNamed(from.secretRef?.name),
    ]),
  ])
  return [...volumes, ...variables].filter((source) => source !== undefined)
}

const configMapNamed = (name: string | undefined): Source | undefined =>
  name === undefined ? undefined : { kind: 'ConfigMap', name }

const secretNamed = (name: string | undefined): Source | undefined =>
  name === undefined ? undefined : { kind: 'Secret', name }
