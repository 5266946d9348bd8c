import type { ClusterSection } from '../../config/cluster-section.ts'
import type { SignalproofConfig, WatchedApp } from '../../config/config-schema.ts'
import { SignalproofError } from '../../core/signalproof-error.ts'
import type { KubeApi } from '../../kube/kube-api.ts'
import { isReadyPod, type Pod } from '../../kube/workloads.ts'

/** The pods of the watched apps, as the configuration says that they are found. */

export interface AppPods {
  readonly app: WatchedApp
  /** The ready ones; the first is asked for what its app counted. */
  readonly pods: readonly string[]
  readonly container: string
}

export const selectorOf = (app: string, { labelSelector }: ClusterSection['appPods']): string =>
  labelSelector.replaceAll('{app}', app)

const containerOf = (app: string, { container }: ClusterSection['appPods']): string =>
  container.replaceAll('{app}', app)

/** @throws SignalproofError CONFIG_INVALID for an app without a ready pod, KUBE_FORBIDDEN, KUBE_UNREACHABLE */
export async function findAppPods(
  api: Pick<KubeApi, 'list'>,
  { apps }: Pick<SignalproofConfig, 'apps'>,
  appPods: ClusterSection['appPods'],
): Promise<AppPods[]> {
  return Promise.all(
    apps.map(async (app, index) => {
      const labelSelector = selectorOf(app.name, appPods)
      const { namespace } = app
      const found = await api.list<Pod>({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector })
      const pods = found.filter(isReadyPod).map(({ metadata }) => metadata.name)
      if (pods.length > 0) return { app, pods, container: containerOf(app.name, appPods) }
      throw new SignalproofError('CONFIG_INVALID', {
        expected: `a ready pod of ${app.name}, found by ${labelSelector} in ${namespace}`,
        seen:
          found.length === 0
            ? 'no pod'
            : `${found.map(({ metadata }) => metadata.name).join(', ')}, not ready`,
        where: `signalproof.config.ts apps[${index}] or cluster.appPods.labelSelector`,
        remedy: `correct the name, the namespace or the selector: kubectl -n ${namespace} get pods --show-labels`,
      })
    }),
  )
}
