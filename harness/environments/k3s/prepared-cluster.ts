import { createHash } from 'node:crypto'
import type { ProfileName } from '../../config/config-schema.ts'
import type { LoadedConfig } from '../../config/load-config.ts'
import type { SetOption } from '../../config/set-option.ts'
import type { NodeImage, PreparedImages } from '../../images/prepared-image.ts'
import type { KubeObject } from '../../kube/kube-object.ts'
import {
  type ClusterToApply,
  type Manifests,
  readManifests,
  renderCluster,
} from '../../kube/render-cluster.ts'
import type { ComponentFact } from '../contract.ts'
import type { PreparedParts } from './cluster-parts.ts'
import { type Endpoint, endpointsOf } from './endpoints.ts'

/** What a checkout says the cluster is: images that lie ready, and every object as it is applied. */
export interface WantedCluster {
  readonly rendering: ClusterToApply
  readonly endpoints: readonly Endpoint[]
  /** Two clusters of one digest run the same stack: same objects, same images. */
  readonly digest: string
}

export interface RenderRequest {
  readonly manifests: Manifests
  readonly profile: ProfileName
  readonly set: readonly SetOption[]
  readonly images: PreparedImages
  readonly faultToken: string
}

/** What git holds; kustomize takes most of a rendering's time, so several share it. @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID */
export const manifestsFor = (
  project: LoadedConfig,
  { images, kubectl }: Pick<PreparedParts, 'images' | 'kubectl'>,
): Promise<Manifests> =>
  readManifests({
    project,
    kubectl,
    grafana: images.components.some(({ name }) => name === 'grafana'),
  })

/** @throws SignalproofError CONFIG_INVALID, SET_PATH_UNKNOWN */
export function renderWanted({ manifests, images, ...request }: RenderRequest): WantedCluster {
  const rendering = renderCluster(manifests, { ...request, images: imageReferences(images) })
  const objects = objectsOf(rendering)
  return {
    rendering,
    endpoints: endpointsOf(objects),
    digest: digestOf(request.profile, rendering, images),
  }
}

export const objectsOf = ({ cluster, stack, apps }: ClusterToApply): KubeObject[] => [
  ...cluster,
  ...stack,
  ...apps,
]

/** Full references by the name without its tag, as the rendering asks for them. */
function imageReferences({ components, apps }: PreparedImages): Record<string, string> {
  return Object.fromEntries(
    [...components, ...apps].map(({ reference }) => [nameWithoutTag(reference), reference]),
  )
}

function nameWithoutTag(reference: string): string {
  const [name = ''] = reference.split('@')
  const colon = name.lastIndexOf(':')
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name
}

/** Without the Secrets: their token is another one for each cluster. */
function digestOf(profile: ProfileName, rendering: ClusterToApply, images: PreparedImages): string {
  const what = {
    profile,
    objects: objectsOf(rendering)
      .filter(({ kind }) => kind !== 'Secret')
      .map(withoutChecksum),
    images: [...images.components, ...images.apps].map(({ reference, digest }) => [reference, digest]),
  }
  return createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 16)
}

/** The checksum on a pod template covers the Secrets as well. */
const withoutChecksum = (object: KubeObject): unknown =>
  JSON.parse(
    JSON.stringify(object, (key, value: unknown) =>
      key === 'signalproof.dev/configuration' ? undefined : value,
    ),
  )

/** @param node the one that runs, which may be older than what would be started today */
export function componentFacts(
  images: PreparedImages,
  node: Pick<NodeImage, 'reference' | 'provenance'>,
): ComponentFact[] {
  return [{ ...node, name: 'node' }, ...images.components, ...images.apps].map(
    ({ name, reference, provenance }) => ({
      name,
      version: reference.slice(nameWithoutTag(reference).length + 1) || reference,
      provenance,
      location: reference,
    }),
  )
}
