import { SignalproofError } from '../core/signalproof-error.ts'
import type { KubeApi } from '../kube/kube-api.ts'
import { type KubeRef, writeRef } from '../kube/kube-object.ts'
import type { MutableObject, ObjectChange } from './cluster-mutants.ts'

/** Changes objects of a cluster as a whole, and puts back what was there. */

type ChangeApi = Pick<KubeApi, 'get' | 'raw' | 'remove'>

/**
 * Makes the changes one after another.
 * @returns puts back the objects as they were, the last one first
 * @throws SignalproofError KUBE_NOT_FOUND, KUBE_REFUSED; what was changed until then is put back before
 */
export async function changeObjects(
  api: ChangeApi,
  changes: readonly ObjectChange[],
): Promise<() => Promise<void>> {
  const undone: (() => Promise<void>)[] = []
  const undo = async () => {
    for (const step of undone.splice(0).reverse()) await step()
  }
  try {
    for (const { ref, change } of changes) {
      const before = await api.get<MutableObject>(ref)
      if (change === null) {
        await api.remove(ref)
        undone.push(() => write(api, 'POST', ref, before))
        continue
      }
      const after = structuredClone(before)
      change(after)
      if (JSON.stringify(after) === JSON.stringify(before)) throw changedNothing(ref)
      await write(api, 'PUT', ref, after)
      undone.push(() => write(api, 'PUT', ref, before))
    }
  } catch (thrown) {
    await undo()
    throw thrown
  }
  return undo
}

async function write(
  api: ChangeApi,
  method: 'PUT' | 'POST',
  ref: KubeRef,
  object: MutableObject,
): Promise<void> {
  const path = method === 'PUT' ? `${collectionOf(ref)}/${ref.name}` : collectionOf(ref)
  const {
    resourceVersion: _,
    uid: __,
    managedFields: ___,
    ...metadata
  } = object.metadata as unknown as Record<string, unknown>
  const { status, data } = await api.raw(method, path, { body: { ...object, metadata } })
  if (status < 300) return
  throw new SignalproofError('KUBE_REFUSED', {
    expected: `the API server to take the changed ${writeRef(ref)}`,
    seen: `${status} ${JSON.stringify(data).slice(0, 300)}`,
    remedy: 'look at what the mutant changes',
  })
}

function collectionOf({ apiVersion, kind, namespace }: KubeRef): string {
  const prefix = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  const lower = kind.toLowerCase()
  const plural = /s$/.test(lower) ? `${lower}es` : /y$/.test(lower) ? lower.replace(/y$/, 'ies') : `${lower}s`
  return `${prefix}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}`
}

/** A mutant that changes nothing would be killed by nobody, or by chance. */
const changedNothing = (ref: KubeRef): SignalproofError =>
  new SignalproofError('INTERNAL', {
    expected: `the mutant to change ${writeRef(ref)}`,
    seen: 'the object as it was',
    remedy: 'the manifest was changed since: adapt the mutant to it',
  })
