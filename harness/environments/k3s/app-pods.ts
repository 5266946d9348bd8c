import { setTimeout as after } from 'node:timers/promises'
import type { WatchedApp } from '../../config/config-schema.ts'
import { SignalproofError } from '../../core/signalproof-error.ts'
import type { KubeRef } from '../../kube/kube-object.ts'
import { lookAtWorkloads, podFailed, type RolloutApi } from './rollout.ts'
import type { WorkloadState } from './rollout-judgement.ts'

export type AppRef = Pick<WatchedApp, 'name' | 'namespace'>

const deploymentOf = ({ name, namespace }: AppRef): KubeRef => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  name,
  namespace,
})

/** The scheduler and the controllers need a second or two; this is for a machine with much other work. */
const podWithinMs = 120_000
const everyMs = 100

/**
 * The newest pod of each app, by the app's name, as soon as there is one; it may not have started yet.
 * @throws SignalproofError ENV_POD_FAILED for a pod that is refused, ENV_NOT_READY
 */
export async function appPods(
  api: RolloutApi,
  apps: readonly AppRef[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string>> {
  const startedAt = performance.now()
  for (;;) {
    signal?.throwIfAborted()
    const states = [...(await lookAtWorkloads(api, apps.map(deploymentOf)))]
    for (const [name, state] of states)
      if (state.kind === 'failed') throw await podFailed(api, name, state.why, state.log)
    const pods = states.map(([, state]) => newestPod(state))
    const missing = apps.filter((_, index) => pods[index] === undefined).map(({ name }) => name)
    if (missing.length === 0) return new Map(apps.map(({ name }, index) => [name, pods[index] ?? '']))
    if (performance.now() - startedAt > podWithinMs) throw noPod(missing, states)
    await after(everyMs, undefined, signal === undefined ? {} : { signal }).catch(() =>
      signal?.throwIfAborted(),
    )
  }
}

function newestPod(state: WorkloadState): string | undefined {
  return state.kind === 'failed' ? undefined : state.pods.at(-1)
}

const noPod = (
  missing: readonly string[],
  states: readonly (readonly [string, WorkloadState])[],
): SignalproofError =>
  new SignalproofError('ENV_NOT_READY', {
    expected: `a pod of ${missing.join(', ')} within ${podWithinMs / 1000} s`,
    seen: states
      .map(([name, state]) => `${name}: ${state.kind === 'ready' ? 'ready' : state.why}`)
      .join('; '),
    remedy: '`kubectl describe deployment` tells what holds it up',
  })
