import { alertRows } from './alert-rows.ts'
import type { ClaimRow } from './claim-row.ts'
import { led, need, ready, rolledOut } from './needs.ts'
import { outageRows } from './outage-rows.ts'
import { signalRows } from './signal-rows.ts'
import { traceRows } from './trace-rows.ts'

/** Claims that only a cluster has: they exist in no run elsewhere. */

const served = need('platform.api-healthy', 'nothing can be asked of a cluster whose API is not well')
const scheduled = need('platform.node-ready', 'no pod runs on a node that is not ready')

/** Every claim that times a fault or counts what it did. */
const whatIsTimed = [...signalRows, ...traceRows, ...alertRows, ...outageRows].map(({ id }) => id)

/** What the stack stands on, and whether its objects are as its manifests mean them. */
export const clusterRows: readonly ClaimRow[] = [
  {
    id: 'platform.api-healthy',
    layer: 'platform',
    title: 'every check of the API server is ok',
    needs: [],
    only: 'kubernetes',
    requires: ['kubernetes'],
    remedy: 'kubectl get --raw "/readyz?verbose" names the check; look at the log of the node',
  },
  {
    id: 'platform.node-ready',
    layer: 'platform',
    title: 'every node is ready and short of nothing',
    needs: [served],
    only: 'kubernetes',
    requires: ['kubernetes'],
    remedy: 'kubectl describe node: its conditions say what it is short of',
  },
  {
    id: 'platform.least-access',
    layer: 'platform',
    title: 'every component may read what it needs of the API, and none may do more',
    needs: [served],
    only: 'kubernetes',
    requires: ['kubernetes', 'cluster-changes'],
    changes: 'nothing: the API server is asked what each account may do',
    remedy: "look at the component's access.yaml: Role, RoleBinding and the account that they name",
  },
  {
    id: 'platform.images-pinned',
    layer: 'platform',
    title: 'every container runs an image that is pinned, and the one that was prepared',
    needs: [scheduled],
    only: 'kubernetes',
    requires: ['kubernetes'],
    remedy: 'give the image a tag or a digest; `signalproof up` prepares it again',
  },
  {
    id: 'platform.dns',
    layer: 'platform',
    title: 'inside the cluster every Service is found by its name, and no other name is',
    needs: [scheduled],
    // Pods that start take the cores that a fault is timed on.
    after: whatIsTimed,
    only: 'kubernetes',
    requires: ['kubernetes', 'cluster-changes'],
    changes: 'a namespace with one pod that asks for names, removed at once',
    remedy:
      'look at the log of CoreDNS and at the Service kube-dns: its address is the one that kubelets write',
  },
  {
    id: 'platform.metrics-api',
    layer: 'platform',
    title: 'the metrics API is available and lists every running pod of every workload',
    needs: [scheduled],
    only: 'kubernetes',
    requires: ['kubernetes'],
    remedy:
      'look at the log of metrics-server: it has to reach every kubelet by its address and to trust its certificate',
  },
  {
    id: 'platform.workloads',
    layer: 'platform',
    title: 'every workload has its replicas, all of them updated and ready',
    needs: [scheduled],
    only: 'kubernetes',
    requires: ['kubernetes'],
    remedy: 'kubectl describe the pod that is named, and read its log',
  },
  {
    id: 'platform.services-lead-somewhere',
    layer: 'platform',
    title: 'every Service selects pods that are ready, at a port that they have',
    needs: [rolledOut],
    only: 'kubernetes',
    requires: ['kubernetes'],
    remedy: "compare the Service's selector and target port with the pods' labels and ports",
  },
  {
    id: 'platform.ingress-paths',
    layer: 'platform',
    title: 'the Ingress objects take every route to the pods of its own app',
    needs: [led],
    only: 'kubernetes',
    requires: ['kubernetes'],
    remedy: 'look at manifests/ingress/ingress.yaml: the longest path that matches decides',
  },
  {
    id: 'platform.pod-security',
    layer: 'platform',
    title: 'a pod that breaks the restricted standard is refused for exactly that, one that keeps it is not',
    needs: [served],
    only: 'kubernetes',
    requires: ['kubernetes', 'cluster-changes'],
    changes: 'nothing: the API server is asked to make pods that it does not make (dry run)',
    remedy: 'label the namespace pod-security.kubernetes.io/enforce: restricted',
  },
  {
    id: 'platform.collector-reads-only',
    layer: 'platform',
    title:
      'the only thing that keeps the collector from running restricted is a folder of the node that it reads',
    needs: [need('platform.pod-security', 'its violations are those that Pod Security names')],
    only: 'kubernetes',
    requires: ['kubernetes', 'cluster-changes'],
    changes: 'nothing: the API server is asked to make a pod that it does not make (dry run)',
    remedy: 'take what is named out of manifests/collector/daemon-set.yaml',
  },
  {
    id: 'platform.network-policies',
    layer: 'platform',
    title: 'pods that have no business with each other cannot connect, and could without the policies',
    needs: [rolledOut],
    after: whatIsTimed,
    only: 'kubernetes',
    requires: ['kubernetes', 'cluster-changes'],
    changes:
      'the network policies of the stack are taken away and put back, twice; a namespace with two pods',
    remedy: 'look at the policies of the namespace that is named: a pod that none selects is open to all',
  },
  {
    id: 'platform.autoscalers-active',
    layer: 'platform',
    title: 'every autoscaler has a current value of every metric and can scale',
    needs: [need('platform.metrics-api', 'an autoscaler reads the metrics API'), rolledOut],
    only: 'kubernetes',
    requires: ['kubernetes'],
    remedy: 'kubectl describe hpa says why; a percentage is one of what the containers request',
  },
  {
    id: 'logs.ruler-mounts',
    layer: 'logs',
    title:
      "the ruler's configuration, its rules and its scratch folder are three mounts, and only the last is writable",
    needs: [ready],
    only: 'kubernetes',
    requires: ['kubernetes', 'cluster-changes'],
    remedy: 'look at volumeMounts in manifests/loki/deployment.yaml and at ruler in loki.yaml',
  },
]

/** In pods of their own, beside which others may end. */
const looksFromPods = ['platform.dns', 'platform.network-policies']

/** Everything that counts pods, lines or alerts is judged before pods are replaced. */
const whatCounts = [
  ...[...whatIsTimed, ...clusterRows.map(({ id }) => id)].filter((id) => !looksFromPods.includes(id)),
  // Queries of all panels take the cores: beside them 187 of 224 requests of a deleted pod were not scraped in time.
  'dashboards.panels-alive',
]

/** The cluster is changed as its operators change it, and nothing gets lost. */
export const changeRows: readonly ClaimRow[] = [
  {
    id: 'changes.killed-container',
    layer: 'changes',
    title:
      'a container that is killed under traffic loses no line, and no count but those since its last scrape',
    needs: [
      need('metrics.counted-once', 'what was not counted before cannot be lost'),
      need('logs.counted-once', 'what was not stored before cannot be lost'),
    ],
    after: whatCounts,
    only: 'kubernetes',
    requires: ['kubernetes', 'cluster-changes', 'stack-faults', 'sole-traffic'],
    changes: 'one container of an app is killed (SIGKILL)',
    remedy: 'compare the lines of the pod with those in Loki; the counters of a killed process are gone',
  },
  {
    id: 'changes.deleted-pod',
    layer: 'changes',
    title: 'a pod that is deleted under traffic loses neither a line nor a count',
    needs: [
      need('metrics.counted-once', 'what was not counted before cannot be lost'),
      need('logs.counted-once', 'what was not stored before cannot be lost'),
    ],
    after: whatCounts,
    only: 'kubernetes',
    requires: ['kubernetes', 'cluster-changes', 'sole-traffic'],
    changes: 'one pod of an app is deleted; its Deployment makes another',
    remedy: 'preStop has to last until the ingress looks elsewhere and one scrape longer',
  },
  {
    id: 'changes.rule-edit',
    layer: 'changes',
    title: 'a rule that is added to a ConfigMap is rolled out and evaluated by its ruler',
    needs: [
      need('metrics.rules-on-time', 'rules that are not evaluated now will not be after an edit'),
      need('logs.ruler-on-time', 'rules that are not evaluated now will not be after an edit'),
    ],
    // Prometheus and Loki are rolled out anew: nobody may be asking them then.
    after: [...whatCounts, 'dashboards.grafana-agrees', 'changes.killed-container', 'changes.deleted-pod'],
    only: 'kubernetes',
    requires: ['kubernetes', 'cluster-changes'],
    changes:
      'a rule that never fires is added to Prometheus and Loki, which roll out anew, and is taken out again',
    remedy: 'the checksum in the annotation of the pods has to change with the ConfigMaps that they mount',
  },
  {
    id: 'changes.nothing-restarted',
    layer: 'changes',
    title: 'no container was started again in this run but the one that was killed',
    needs: [rolledOut],
    after: [
      ...whatCounts,
      ...looksFromPods,
      'changes.killed-container',
      'changes.deleted-pod',
      'changes.rule-edit',
    ],
    only: 'kubernetes',
    requires: ['kubernetes'],
    remedy: 'kubectl logs --previous of the container that is named: what ended it?',
  },
]
