/** What every object of the Kubernetes API has. */
export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: KubeMetadata
}

export interface KubeMetadata {
  readonly name: string
  readonly namespace?: string
  readonly uid?: string
  readonly resourceVersion?: string
  readonly generation?: number
  readonly creationTimestamp?: string
  readonly deletionTimestamp?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly ownerReferences?: readonly KubeOwner[]
}

export interface KubeOwner {
  readonly kind: string
  readonly name: string
  readonly uid: string
  readonly controller?: boolean
}

/** Names one object; without a namespace for what has none. */
export interface KubeRef {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly namespace?: string
}

export interface KubeQuery {
  readonly apiVersion: string
  readonly kind: string
  /** Without it, the objects of every namespace. */
  readonly namespace?: string
  /** As `kubectl -l` takes it. */
  readonly labelSelector?: string
  /** As `kubectl --field-selector` takes it. */
  readonly fieldSelector?: string
}

export const refOf = ({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): KubeRef => ({
  apiVersion,
  kind,
  name,
  ...(namespace === undefined ? {} : { namespace }),
})

/** As people write it: `Deployment apps/frontend`. */
export function writeRef({ kind, name, namespace }: Omit<KubeRef, 'apiVersion'>): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`
}
