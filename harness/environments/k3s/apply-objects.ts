import type { KubeApi } from '../../kube/kube-api.ts'
import { type KubeObject, type KubeRef, refOf, writeRef } from '../../kube/kube-object.ts'

/** Who owns the fields that this harness sets in the cluster. */
export const fieldManager = 'signalproof'

/** What others need is there first: a pod must not start before its configuration and its permissions. */
const waves: readonly (readonly string[])[] = [
  // A claim that finds no volume when it is made is looked at again only after a quarter of a minute.
  [
    'Namespace',
    'CustomResourceDefinition',
    'PriorityClass',
    'StorageClass',
    'RuntimeClass',
    'PersistentVolume',
  ],
  [
    'ServiceAccount',
    'ClusterRole',
    'Role',
    'ClusterRoleBinding',
    'RoleBinding',
    'ConfigMap',
    'Secret',
    'LimitRange',
    'ResourceQuota',
    'NetworkPolicy',
    'PersistentVolumeClaim',
  ],
  ['Service', 'IngressClass'],
]

/** The API server takes many at once; more than this only wait for each other there. */
const atOnce = 8

/**
 * Makes the cluster hold these objects, wave after wave; of a wave all are tried, and the first that was refused is
 * thrown.
 * @throws SignalproofError KUBE_INVALID with the object and the path of the field, KUBE_FORBIDDEN, KUBE_UNREACHABLE
 */
export async function applyObjects(
  api: Pick<KubeApi, 'apply'>,
  objects: readonly KubeObject[],
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const options = { fieldManager, ...(signal === undefined ? {} : { signal }) }
  for (const wave of inWaves(objects)) {
    const left = [...wave]
    const worker = async () => {
      for (let object = left.shift(); object !== undefined; object = left.shift())
        await api.apply(object, options)
    }
    const ended = await Promise.allSettled(Array.from({ length: atOnce }, worker))
    for (const end of ended) if (end.status === 'rejected') throw end.reason
  }
}

/** Removes what was applied once and is not among the objects any more. */
export async function removeObsolete(
  api: Pick<KubeApi, 'remove'>,
  before: readonly KubeRef[],
  objects: readonly KubeObject[],
): Promise<void> {
  const wanted = new Set(objects.map((object) => writeRef(refOf(object))))
  for (const ref of before) if (!wanted.has(writeRef(ref))) await api.remove(ref)
}

/** Workloads and whatever has no wave of its own come last, in the order in which they are given. */
export function inWaves(objects: readonly KubeObject[]): KubeObject[][] {
  const waveOf = ({ kind }: KubeObject) => {
    const index = waves.findIndex((kinds) => kinds.includes(kind))
    return index === -1 ? waves.length : index
  }
  return Array.from({ length: waves.length + 1 }, (_, index) =>
    objects.filter((object) => waveOf(object) === index),
  ).filter((wave) => wave.length > 0)
}
