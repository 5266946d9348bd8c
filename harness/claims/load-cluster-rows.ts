import type { ClaimRow } from './claim-row.ts'
import { need } from './needs.ts'

/** What only a load on a cluster shows: pods that come when they are needed and go when they are not. */
export const loadClusterRows: readonly ClaimRow[] = [
  {
    id: 'load.scales-up',
    layer: 'load',
    title: 'an autoscaler whose pods use more than it aims at has another pod ready in time',
    needs: [
      need('platform.autoscalers-active', 'an autoscaler without a metric does not act'),
      need('load.generated', 'a load that was not made asks for no pod'),
    ],
    only: 'load on kubernetes',
    requires: ['kubernetes', 'cluster-changes', 'traffic'],
    changes: 'the autoscalers of the apps make pods, as they do under any load',
    remedy:
      'kubectl describe hpa and the new pods: which hop is late, the metric, the decision or the start of the pod?',
  },
  {
    id: 'load.scales-down',
    layer: 'load',
    title: 'when the load is over the pods that it made go, and no answered request is lost with them',
    needs: [need('load.scales-up', 'pods that never came cannot go')],
    after: ['load.accounts-balance'],
    only: 'load on kubernetes',
    requires: ['kubernetes', 'cluster-changes', 'sole-traffic'],
    changes: 'the autoscalers of the apps end the pods that they made',
    remedy: 'preStop has to last until the ingress looks elsewhere and one scrape longer',
  },
]
