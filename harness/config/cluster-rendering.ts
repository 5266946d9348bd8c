import { byObjectName, putDocuments } from './cluster-documents.ts'
import { type ImageReferences, setImages } from './cluster-images.ts'
import { placeOnCluster } from './cluster-placement.ts'
import { applyProfileToObjects } from './cluster-timings.ts'
import type { ProfileName } from './config-schema.ts'
import { annotateConfiguration } from './configuration-checksum.ts'
import type { ManifestObject } from './manifest-object.ts'
import { applySetOptions, type SetOption } from './set-option.ts'
import type { StackDocuments } from './stack-documents.ts'
import { applyProfile } from './time-profiles.ts'

/** What is applied to a cluster one after another: what a bare node lacks, the stack, the apps. */
export const clusterParts = ['cluster', 'stack', 'apps'] as const
export type ClusterPart = (typeof clusterParts)[number]
export type ClusterObjects = Record<ClusterPart, ManifestObject[]>

export interface ClusterInput {
  /** As kustomize gives them. */
  readonly objects: Readonly<ClusterObjects>
  /** As git holds them. */
  readonly documents: StackDocuments
  readonly profile: ProfileName
  readonly set: readonly SetOption[]
  /** Every image of our own, and whatever else is not to be as the manifests name it. */
  readonly images: ImageReferences
  readonly faultToken: string
}

export interface RenderedCluster extends ClusterObjects {
  /** Profile, placement and `--set` applied; `objects` holds all objects without the fault token. */
  readonly documents: StackDocuments
}

/** Namespaces with a pod whose fault switch takes the token. */
const switchedNamespaces: Partial<Record<ClusterPart, string>> = { stack: 'observability', apps: 'apps' }

/**
 * All objects of a verified cluster, on copies: documents with profile, placement and `--set` inside their ConfigMaps,
 * images, the fault switches' token, and on each pod template the checksum of what its pods read.
 * @throws SignalproofError CONFIG_INVALID, SET_PATH_UNKNOWN
 */
export function composeCluster({
  objects,
  documents: inGit,
  profile,
  set,
  images,
  faultToken,
}: ClusterInput): RenderedCluster {
  const parts = structuredClone(objects) as ClusterObjects
  const all = clusterParts.flatMap((part) => parts[part])
  applyProfileToObjects(profile, all)
  setImages(all, images)
  const ofDocuments = set.filter(({ component }) => component !== 'objects')
  const placed = applySetOptions(placeOnCluster(applyProfile(profile, inGit)), ofDocuments)
  const carried = byObjectName(all)
  putDocuments(carried, placed)
  // Last, so that what is asked of an object holds for what was put into it, too.
  const ofObjects = set.filter(({ component }) => component === 'objects')
  const documents = applySetOptions({ ...placed, objects: carried }, ofObjects)
  const named = documents.objects as Record<string, ManifestObject>
  const rendered = Object.values(named)
  let start = 0
  const finished = Object.fromEntries(
    clusterParts.map((part) => {
      const own = structuredClone(rendered.slice(start, start + parts[part].length))
      start += parts[part].length
      const namespace = switchedNamespaces[part]
      return [part, namespace === undefined ? own : [...own, faultSwitchSecret(namespace, faultToken)]]
    }),
  ) as ClusterObjects
  annotateConfiguration(clusterParts.flatMap((part) => finished[part]))
  return { ...finished, documents }
}

function faultSwitchSecret(namespace: string, token: string): ManifestObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'fault-switch', namespace, labels: { 'app.kubernetes.io/part-of': 'signalproof' } },
    data: { token: Buffer.from(token).toString('base64') },
  }
}
