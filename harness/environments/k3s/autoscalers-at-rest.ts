import type { WatchedApp } from '../../config/config-schema.ts'
import { eventually, found, notYet } from '../../core/eventually.ts'
import type { KubeApi } from '../../kube/kube-api.ts'
import type { KubeObject } from '../../kube/kube-object.ts'

interface Autoscaler extends KubeObject {
  readonly spec: { readonly minReplicas?: number }
  readonly status?: { readonly currentReplicas?: number; readonly desiredReplicas?: number }
}

/**
 * Above what an autoscaler takes to let go of pods that nobody needs: the metrics have to fall (45 s), what it recommended
 * before has to be 30 s old, it looks every 15 s at the latest, and the pods have half a minute to end.
 */
const restWithinMs = 150_000

/**
 * Resolves when no app has more pods than its autoscaler keeps for it at rest: those that a load or a start has made would
 * be targets that nobody expects. What is not over in time is for the claims to name.
 * @returns whether it had to wait
 * @throws SignalproofError WAIT_TIMEOUT, KUBE_UNREACHABLE, KUBE_FORBIDDEN; the signal's reason
 */
export async function autoscalersAtRest(
  api: Pick<KubeApi, 'list'>,
  apps: readonly Pick<WatchedApp, 'namespace'>[],
  { withinMs = restWithinMs, signal }: { withinMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<boolean> {
  const namespaces = [...new Set(apps.map(({ namespace }) => namespace))]
  const { looks } = await eventually(
    'every autoscaler at rest',
    async () => {
      const all = await Promise.all(
        namespaces.map((namespace) =>
          api.list<Autoscaler>({
            apiVersion: 'autoscaling/v2',
            kind: 'HorizontalPodAutoscaler',
            namespace,
          }),
        ),
      )
      const busy = all.flat().flatMap(({ metadata, spec: { minReplicas = 1 }, status = {} }) => {
        const { currentReplicas = 0, desiredReplicas = 0 } = status
        return Math.max(currentReplicas, desiredReplicas) > minReplicas
          ? [
              `${metadata.name} has ${currentReplicas} pods and wants ${desiredReplicas}, at rest ${minReplicas}`,
            ]
          : []
      })
      return busy.length === 0 ? found(undefined) : notYet(busy.join('; '))
    },
    { withinMs, remedy: 'kubectl describe hpa says what keeps the pods', signal },
  )
  return looks > 1
}
