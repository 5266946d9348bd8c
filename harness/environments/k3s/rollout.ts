import { setTimeout as after } from 'node:timers/promises'
import { formatMs } from '../../core/eventually.ts'
import { describeThrown, SignalproofError } from '../../core/signalproof-error.ts'
import type { KubeApi } from '../../kube/kube-api.ts'
import { type KubeRef, refOf, writeRef } from '../../kube/kube-object.ts'
import type { KubeEvent, Pod, ReplicaSet, Workload } from '../../kube/workloads.ts'
import {
  type FailedContainer,
  judgeWorkload,
  type RolloutLook,
  type WorkloadState,
} from './rollout-judgement.ts'

/** The workloads of a stack while they are rolled out: looked at until all are ready, or one never will be. */

export interface RolloutOptions {
  /** Far above what the slowest took; whoever can never start is found long before. */
  readonly withinMs: number
  readonly signal?: AbortSignal | undefined
  /** Hears every look. */
  readonly onLook?: ((states: ReadonlyMap<string, WorkloadState>) => void) | undefined
}

const everyMs = 250
const lastLines = 12

export type RolloutApi = Pick<KubeApi, 'list' | 'readLog'>

/**
 * Resolves when every workload has all of its newest pods ready.
 * @throws SignalproofError ENV_POD_FAILED at once for a pod that can never start, with its reason and last lines;
 *   ENV_NOT_READY after the time; KUBE_FORBIDDEN; the signal's reason
 */
export async function waitForRollout(
  api: RolloutApi,
  refs: readonly KubeRef[],
  { withinMs, signal, onLook }: RolloutOptions,
): Promise<void> {
  const startedAt = performance.now()
  for (;;) {
    signal?.throwIfAborted()
    const states = await lookAtWorkloads(api, refs)
    onLook?.(states)
    for (const [name, state] of states) {
      if (state.kind === 'failed') throw await podFailed(api, name, state.why, state.log)
    }
    const waiting = [...states].flatMap(([name, state]) =>
      state.kind === 'waiting' ? [`${name}: ${state.why}`] : [],
    )
    if (waiting.length === 0) return
    if (performance.now() - startedAt > withinMs) throw notReady(waiting, withinMs)
    await after(everyMs, undefined, signal === undefined ? {} : { signal }).catch(() =>
      signal?.throwIfAborted(),
    )
  }
}

/** One look at each workload, by `Deployment apps/frontend`. @throws SignalproofError KUBE_UNREACHABLE, KUBE_FORBIDDEN */
export async function lookAtWorkloads(
  api: Pick<KubeApi, 'list'>,
  refs: readonly KubeRef[],
): Promise<Map<string, WorkloadState>> {
  const namespaces = [...new Set(refs.map(({ namespace }) => namespace ?? 'default'))]
  const looks = await Promise.all(namespaces.map((namespace) => lookAt(api, refs, namespace)))
  const workloads = looks.flatMap((look) => look.workloads.map((workload) => ({ workload, look })))
  return new Map(
    refs.map((ref) => {
      const found = workloads.find(({ workload }) => writeRef(refOf(workload)) === writeRef(ref))
      const state: WorkloadState =
        found === undefined
          ? { kind: 'waiting', pods: [], why: 'not there' }
          : judgeWorkload(found.workload, found.look)
      return [writeRef(ref), state]
    }),
  )
}

async function lookAt(
  api: Pick<KubeApi, 'list'>,
  refs: readonly KubeRef[],
  namespace: string,
): Promise<RolloutLook> {
  const kinds = [...new Set(refs.flatMap((ref) => (ref.namespace === namespace ? [ref.kind] : [])))]
  const [workloads, replicaSets, pods, events] = await Promise.all([
    Promise.all(kinds.map((kind) => api.list<Workload>({ apiVersion: 'apps/v1', kind, namespace }))),
    api.list<ReplicaSet>({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace }),
    api.list<Pod>({ apiVersion: 'v1', kind: 'Pod', namespace }),
    api.list<KubeEvent>({ apiVersion: 'v1', kind: 'Event', namespace, fieldSelector: 'type=Warning' }),
  ])
  return { workloads: workloads.flat(), replicaSets, pods, events }
}

/** What a pod that can never start says, with the last lines that it wrote. */
export async function podFailed(
  api: Pick<KubeApi, 'readLog'>,
  workload: string,
  why: string,
  log: FailedContainer | undefined,
): Promise<SignalproofError> {
  const lines = log === undefined ? '' : await lastLinesOf(api, log)
  return new SignalproofError('ENV_POD_FAILED', {
    expected: `${workload} to start`,
    seen: lines === '' ? why : `${why}\n${lines.replaceAll(/^/gm, '        ')}`,
    remedy: 'correct what the message names: in manifests/, in the configuration, or in the image',
  })
}

async function lastLinesOf(
  api: Pick<KubeApi, 'readLog'>,
  { namespace, pod, container, previous }: FailedContainer,
): Promise<string> {
  try {
    return (await api.readLog(namespace, pod, container, { tailLines: lastLines, previous })).trimEnd()
  } catch (thrown) {
    return `(its log cannot be read: ${describeThrown(thrown)})`
  }
}

const notReady = (waiting: readonly string[], withinMs: number): SignalproofError =>
  new SignalproofError('ENV_NOT_READY', {
    expected: `every workload to be rolled out within ${formatMs(withinMs)}`,
    seen: waiting.join('\n        '),
    remedy: '`kubectl describe pod` tells what a pod waits for; the kubeconfig is in `signalproof status`',
  })
