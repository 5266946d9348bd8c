import { expect, test } from 'vitest'
import type { KubeObject, KubeQuery } from '../../kube/kube-object.ts'
import { waitForRollout } from './rollout.ts'
import { deploymentDouble, lookDouble, podDouble } from './rollout-double.ts'
import type { RolloutLook } from './rollout-judgement.ts'

const loki = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'loki', namespace: 'observability' }

/** An API that shows one look after another, the last one for ever. */
function apiOf(...looks: readonly RolloutLook[]) {
  let shown = 0
  const kinds = (look: RolloutLook): Record<string, readonly KubeObject[]> => ({
    Deployment: look.workloads,
    ReplicaSet: look.replicaSets,
    Pod: look.pods,
    Event: look.events,
  })
  return {
    list: async <T extends KubeObject>({ kind }: KubeQuery): Promise<T[]> => {
      const look = looks[Math.min(shown, looks.length - 1)] as RolloutLook
      if (kind === 'Event') shown += 1
      return [...(kinds(look)[kind] ?? [])] as T[]
    },
    readLog: async () => 'level=error msg="no such file"\n',
  }
}

const crashing = lookDouble([
  podDouble({
    container: {
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 1 } },
      restartCount: 2,
    },
  }),
])

test('waits until the new pods are ready', async () => {
  const seen: string[] = []
  await waitForRollout(apiOf(lookDouble([podDouble()]), lookDouble([podDouble({ ready: true })])), [loki], {
    withinMs: 5_000,
    onLook: (states) => seen.push([...states.values()].map(({ kind }) => kind).join()),
  })
  expect(seen).toEqual(['waiting', 'ready'])
})

test('ends at once with the reason and the last lines of a pod that can never start', async () => {
  const waiting = waitForRollout(apiOf(crashing), [loki], { withinMs: 600_000 })
  await expect(waiting).rejects.toThrow(
    /ENV_POD_FAILED: expected Deployment observability\/loki to start\n.*CrashLoopBackOff.*exit code 1.*\n\s+level=error msg="no such file"/s,
  )
})

test('says what each one waits for when the time is over', async () => {
  await expect(waitForRollout(apiOf(lookDouble([podDouble()])), [loki], { withinMs: 0 })).rejects.toThrow(
    /ENV_NOT_READY.*Deployment observability\/loki: 0 of 1 pods ready; loki-2-x:/s,
  )
  const nothing = { workloads: [], replicaSets: [], pods: [], events: [] }
  await expect(waitForRollout(apiOf(nothing), [loki], { withinMs: 0 })).rejects.toThrow(/loki: not there/)
})

test('ends with the reason of whoever interrupts it', async () => {
  const interrupted = AbortSignal.abort(new Error('Ctrl-C'))
  const look = { ...lookDouble([podDouble()]), workloads: [deploymentDouble()] }
  await expect(waitForRollout(apiOf(look), [loki], { withinMs: 9_000, signal: interrupted })).rejects.toThrow(
    'Ctrl-C',
  )
})
