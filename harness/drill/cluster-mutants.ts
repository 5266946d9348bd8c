import type { KubeObject, KubeRef } from '../kube/kube-object.ts'

/**
 * One way to break a running cluster for every claim that only a cluster has: with it, exactly that claim has to be the
 * first that is broken. Objects are changed as a wrong edit of a manifest would change them, and put back afterwards.
 */
export interface ClusterMutant {
  /** What is wrong, in words. */
  readonly name: string
  /** The claim that has to be named. */
  readonly breaks: string
  /** What its reason has to say, so that a reader knows what to mend. */
  readonly says: RegExp
  readonly changes: readonly ObjectChange[]
  /** The change can never be rolled out: the claim is judged while it hangs. */
  readonly hangs?: true
  /** A name that the node is given for the image that the changed workload runs now, so that its pods do start. */
  readonly tagInNode?: string
}

export interface ObjectChange {
  readonly ref: KubeRef
  /** Changes a copy of the object; null removes the object. */
  readonly change: ((object: MutableObject) => void) | null
}

/** An object as the API answers it, to be changed at any path. */
// biome-ignore lint/suspicious/noExplicitAny: a mutant changes fields of many kinds of objects, and the API server checks them
export type MutableObject = KubeObject & Record<string, any>

const deployment = (name: string, namespace: string): KubeRef => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace,
  name,
})
const core = (kind: string, name: string, namespace?: string): KubeRef => ({
  apiVersion: 'v1',
  kind,
  name,
  ...(namespace === undefined ? {} : { namespace }),
})

const annotation = 'signalproof.dev/configuration'

/** The pods are made anew, as a deploy with a changed configuration makes them. */
const rollOut = (ref: KubeRef): ObjectChange => ({
  ref,
  change: ({ spec }) => {
    spec.template.metadata.annotations = {
      ...spec.template.metadata.annotations,
      [annotation]: 'made anew by the drill',
    }
  },
})

const onlyContainer = ({ spec }: MutableObject) => spec.template.spec.containers[0]

export const clusterMutants: readonly ClusterMutant[] = [
  // First, those that count what flows: what the others roll out has to settle before it does.
  {
    name: 'a pod that is deleted ends at once, long before it would be scraped',
    breaks: 'changes.deleted-pod',
    says: /answered requests are not counted/,
    changes: [
      // Whichever of them is the one.
      ...['available-schedules-go', 'available-schedules-python'].map((app) => ({
        ref: deployment(app, 'apps'),
        change: (object: MutableObject) => {
          delete onlyContainer(object).lifecycle
        },
      })),
      {
        ref: core('ConfigMap', 'prometheus', 'observability'),
        change: ({ data }) => {
          for (const [file, text] of Object.entries(data as Record<string, string>))
            data[file] = text.replaceAll('scrape_interval: 500ms', 'scrape_interval: 8s')
        },
      },
      rollOut(deployment('prometheus', 'observability')),
    ],
  },
  {
    name: 'the collector reads only the first run of each container',
    breaks: 'changes.killed-container',
    says: /answered requests have no line in Loki/,
    changes: [
      {
        ref: core('ConfigMap', 'collector', 'observability-node'),
        change: ({ data }) => {
          data['collector.yaml'] = data['collector.yaml'].replaceAll('/*/*.log', '/*/0.log')
        },
      },
      rollOut({
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        namespace: 'observability-node',
        name: 'collector',
      }),
      // Their containers may have been started again before.
      rollOut(deployment('available-schedules-go', 'apps')),
      rollOut(deployment('available-schedules-python', 'apps')),
    ],
  },
  {
    name: 'a node is cordoned',
    breaks: 'platform.node-ready',
    says: /Node node: it is cordoned/,
    changes: [
      {
        ref: core('Node', 'node'),
        change: ({ spec }) => {
          spec.unschedulable = true
        },
      },
    ],
  },
  {
    name: 'the collector may not read pods',
    breaks: 'platform.least-access',
    says: /collector .* may not list pods in apps/,
    changes: [
      {
        ref: {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'RoleBinding',
          namespace: 'apps',
          name: 'collector',
        },
        change: null,
      },
    ],
  },
  {
    name: 'an account may do more than its work',
    breaks: 'platform.least-access',
    says: /prometheus .* may create pods in apps, which it never needs/,
    changes: [
      {
        ref: {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'Role',
          namespace: 'apps',
          name: 'prometheus',
        },
        change: ({ rules }) => void rules.push({ apiGroups: [''], resources: ['pods'], verbs: ['create'] }),
      },
    ],
  },
  {
    name: 'an image has a tag that moves',
    breaks: 'platform.images-pinned',
    says: /frontend:latest: the tag latest moves/,
    changes: [
      {
        ref: deployment('frontend', 'apps'),
        change: (object) => {
          onlyContainer(object).image = 'signalproof/frontend:latest'
        },
      },
    ],
    tagInNode: 'docker.io/signalproof/frontend:latest',
  },
  {
    name: 'DNS answers every name with NXDOMAIN',
    breaks: 'platform.dns',
    says: /is ENOTFOUND, not 10\.43\./,
    changes: [
      {
        ref: core('ConfigMap', 'coredns', 'kube-system'),
        change: ({ data }) => {
          data.Corefile = data.Corefile.replaceAll(
            'errors',
            'errors\n    template ANY ANY {\n        rcode NXDOMAIN\n    }',
          )
        },
      },
      rollOut(deployment('coredns', 'kube-system')),
    ],
  },
  {
    name: 'metrics-server asks kubelets by names that no DNS knows',
    breaks: 'platform.metrics-api',
    says: /metrics-server.*(no such host|lookup|scrape)/s,
    changes: [
      {
        ref: deployment('metrics-server', 'kube-system'),
        change: (object) => {
          const container = onlyContainer(object)
          container.args = container.args.filter(
            (arg: string) => !arg.startsWith('--kubelet-preferred-address-types'),
          )
        },
      },
    ],
    hangs: true,
  },
  {
    name: 'a workload is scaled to 0',
    breaks: 'platform.workloads',
    says: /Deployment observability\/tempo is scaled to 0/,
    changes: [
      {
        ref: deployment('tempo', 'observability'),
        change: ({ spec }) => {
          spec.replicas = 0
        },
      },
    ],
  },
  {
    name: "a Service's selector matches no pod",
    breaks: 'platform.services-lead-somewhere',
    says: /Service apps\/available-schedules-go selects app.kubernetes.io\/name=available-schedule-go, which no pod has/,
    changes: [
      {
        ref: core('Service', 'available-schedules-go', 'apps'),
        change: ({ spec }) => {
          spec.selector = { 'app.kubernetes.io/name': 'available-schedule-go' }
        },
      },
    ],
  },
  {
    name: 'the ingress has another path for an app',
    breaks: 'platform.ingress-paths',
    says: /takes dev\.local\/v2\/\S+ by the path \/, but available-schedules-go is not there/,
    changes: [
      {
        ref: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', namespace: 'apps', name: 'apps' },
        change: ({ spec }) => {
          const paths = spec.rules[0].http.paths as { path: string }[]
          for (const path of paths) if (path.path.startsWith('/v2')) path.path = '/v3'
        },
      },
    ],
  },
  {
    name: 'a namespace enforces no more than the baseline',
    breaks: 'platform.pod-security',
    says: /observability: a pod with .* is accepted/,
    changes: [
      {
        ref: core('Namespace', 'observability'),
        change: ({ metadata }) => {
          ;(metadata.labels as Record<string, string>)['pod-security.kubernetes.io/enforce'] = 'baseline'
        },
      },
    ],
  },
  {
    name: 'the collector may write to the log files',
    breaks: 'platform.collector-reads-only',
    says: /may write to \/var\/log\/pods of the node/,
    changes: [
      {
        ref: { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'observability-node', name: 'collector' },
        change: (object) => {
          for (const mount of onlyContainer(object).volumeMounts)
            if (mount.mountPath === '/var/log/pods') mount.readOnly = false
        },
      },
    ],
  },
  {
    name: "the autoscaler's target requests no CPU",
    breaks: 'platform.autoscalers-active',
    says: /container \S+ of Deployment apps\/available-schedules-go requests no cpu/,
    changes: [
      {
        ref: deployment('available-schedules-go', 'apps'),
        change: (object) => {
          delete onlyContainer(object).resources.requests.cpu
        },
      },
    ],
  },
  {
    name: "the ruler's rules are mounted one level too high",
    breaks: 'logs.ruler-mounts',
    says: /mounted at \/etc\/loki-rules, one level too high/,
    changes: [
      {
        ref: deployment('loki', 'observability'),
        change: (object) => {
          for (const mount of onlyContainer(object).volumeMounts)
            if (mount.mountPath === '/etc/loki-rules/fake') mount.mountPath = '/etc/loki-rules'
        },
      },
    ],
  },
  {
    name: 'no checksum rolls out what is mounted',
    breaks: 'changes.rule-edit',
    says: /expected the annotation signalproof\.dev\/configuration/,
    changes: [
      {
        ref: deployment('loki', 'observability'),
        change: ({ spec }) => {
          delete spec.template.metadata.annotations[annotation]
        },
      },
    ],
  },
]

/** Claims without a mutant here, each with the reason. */
export const withoutClusterMutant: Readonly<Record<string, string>> = {
  'platform.api-healthy': 'an API server that is not well cannot be broken and mended through itself',
  'platform.network-policies':
    'where nothing enforces policies it is skipped; its double lets a connection through',
  'changes.nothing-restarted': 'a container that is started again makes platform.workloads broken, too',
}
