import { join } from 'node:path'
import type { ImageReferences } from '../config/cluster-images.ts'
import { type ClusterObjects, composeCluster } from '../config/cluster-rendering.ts'
import type { ProfileName } from '../config/config-schema.ts'
import type { LoadedConfig } from '../config/load-config.ts'
import type { SetOption } from '../config/set-option.ts'
import { readStackDocuments, type StackDocuments } from '../config/stack-documents.ts'
import type { KubeObject } from './kube-object.ts'
import { kustomize } from './kustomize.ts'

export interface ClusterRendering {
  readonly project: Pick<LoadedConfig, 'config' | 'root'>
  readonly profile: ProfileName
  readonly set: readonly SetOption[]
  /** Full references by the image's name without its tag; every image of our own has to be there. */
  readonly images: ImageReferences
  readonly faultToken: string
  /** The command kubectl. */
  readonly kubectl: string
  /** Whether Grafana is part of the stack: its image is not to be had everywhere. */
  readonly grafana?: boolean
}

/** What is applied to a verified cluster, part by part, and the documents that were rendered into it. */
export interface ClusterToApply {
  readonly cluster: KubeObject[]
  readonly stack: KubeObject[]
  readonly apps: KubeObject[]
  readonly documents: StackDocuments
}

/** What git holds of a cluster: its objects as kustomize gives them, and the documents inside of them. */
export interface Manifests {
  readonly objects: ClusterObjects
  readonly documents: StackDocuments
}

/**
 * Builds manifests/cluster and the overlays of manifests/verification.
 * @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID
 */
export async function readManifests({
  project,
  kubectl,
  grafana = false,
}: Pick<ClusterRendering, 'project' | 'kubectl' | 'grafana'>): Promise<Manifests> {
  const documents = readStackDocuments(project)
  const root = (...path: string[]) => join(project.root, project.config.sources.manifests, ...path)
  const [cluster, stack, apps, dashboards] = await Promise.all([
    kustomize(kubectl, root('cluster')),
    kustomize(kubectl, root('verification', 'stack')),
    kustomize(kubectl, root('verification', 'apps')),
    grafana ? kustomize(kubectl, root('verification', 'grafana')) : [],
  ])
  return { documents, objects: { cluster, stack: [...stack, ...dashboards], apps } }
}

/** Renders what is applied to a cluster. @throws SignalproofError CONFIG_INVALID, SET_PATH_UNKNOWN */
export const renderCluster = (
  manifests: Manifests,
  { profile, set, images, faultToken }: Pick<ClusterRendering, 'profile' | 'set' | 'images' | 'faultToken'>,
): ClusterToApply => composeCluster({ ...manifests, profile, set, images, faultToken })
