import type { SignalproofConfig } from '../../config/config-schema.ts'
import { eventually, found, notYet } from '../../core/eventually.ts'
import { send } from '../../core/http.ts'

/**
 * Waits until each app answers its first good request through the ingress. Apps that ask others come after those: asked
 * too early they would count errors.
 * @throws SignalproofError WAIT_TIMEOUT with the app and its answer
 */
export async function reachThroughIngress(
  { apps, ingress }: Pick<SignalproofConfig, 'apps' | 'ingress'>,
  url: string,
  { withinMs, signal }: { withinMs: number; signal?: AbortSignal | undefined },
): Promise<void> {
  const requests = apps.flatMap(({ name, good: [exercise] }) =>
    exercise === undefined ? [] : [{ name, ...exercise }],
  )
  for (const { name, method, path, status: wanted } of requests.toSorted(
    (a, b) => a.causes.length - b.causes.length,
  )) {
    await eventually(
      `${name} to answer ${path} through the ingress with ${wanted}`,
      async (lookSignal) => {
        const { status } = await send({
          backend: 'the ingress',
          url: `${url}${path}`,
          method,
          headers: { host: ingress.host },
          signal: lookSignal,
        })
        return status === wanted ? found(undefined) : notYet(`${status}`)
      },
      {
        withinMs,
        everyMs: 100,
        signal,
        remedy: 'compare the paths and services of manifests/ingress/ingress.yaml with the apps',
      },
    )
  }
}
