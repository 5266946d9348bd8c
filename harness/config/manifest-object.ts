import { type DocumentMap, getAtPath, isMap } from './document-path.ts'

/** One object of manifests/, as kustomize gives it. */
export interface ManifestObject extends DocumentMap {
  apiVersion: string
  kind: string
  metadata: ManifestMetadata
}

export interface ManifestMetadata extends DocumentMap {
  name: string
  namespace?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
}

/** How `--set objects:…` calls an object: `Deployment.apps.frontend`, `ClusterRole.traefik`. */
export const objectName = ({ kind, metadata: { name, namespace } }: ManifestObject): string =>
  [kind, namespace, name].filter((part) => part !== undefined).join('.')

/** The template of the pods that an object makes; undefined for one that makes none. */
export function podTemplateOf(object: ManifestObject): PodTemplate | undefined {
  const template = getAtPath(
    object,
    object.kind === 'CronJob' ? 'spec.jobTemplate.spec.template' : 'spec.template',
  )
  return isMap(template) && isMap(template.spec) ? (template as unknown as PodTemplate) : undefined
}

export interface PodTemplate {
  metadata: { labels?: Record<string, string>; annotations?: Record<string, string> }
  spec: PodSpec
}

export interface PodSpec extends DocumentMap {
  containers: ContainerSpec[]
  initContainers?: ContainerSpec[]
  volumes?: VolumeSpec[]
}

export interface ContainerSpec extends DocumentMap {
  name: string
  image: string
  args?: string[]
  env?: { name: string; value?: string; valueFrom?: Record<string, { name?: string }> }[]
  envFrom?: Record<string, { name?: string }>[]
  ports?: { name?: string; containerPort: number }[]
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> }
}

export interface VolumeSpec extends DocumentMap {
  name: string
  configMap?: { name: string }
  secret?: { secretName: string }
  projected?: { sources: { configMap?: { name: string }; secret?: { name: string } }[] }
}

export const containersOf = ({ spec }: PodTemplate): ContainerSpec[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
]
