import type { AppVariables } from '../config/app-variables.ts'
import type { ProfileName } from '../config/config-schema.ts'
import type { RenderedDashboards } from '../config/dashboard-documents.ts'
import type { KubeRef } from '../kube/kube-object.ts'

export const environmentKinds = ['process', 'k3s', 'cluster'] as const
export type EnvironmentKind = (typeof environmentKinds)[number]

/**
 * What every home of the stack gives to a run. All of it is plain data: it crosses to the test worker, into the state
 * file of a kept environment and into result.json.
 */
export interface RunningEnvironment {
  readonly kind: EnvironmentKind
  readonly profile: ProfileName
  /** The digest of everything that was rendered: two environments of one digest are the same stack. */
  readonly digest: string
  readonly id: string
  readonly folder: string
  /** When the command that started it began, epoch ms. */
  readonly startedAt: number
  readonly kept: boolean
  readonly addresses: StackAddresses
  readonly apps: readonly AppAddress[]
  /** Answers which components are ready, until all of them are. */
  readonly supervisor: { readonly url: string; readonly token: string }
  /** The longest that any component may take to become ready: after it the environment is broken. */
  readonly readyWithinMs: number
  /** Opens every fault switch of this environment; it never leaves the machine and is struck out of evidence. */
  readonly faultToken: string
  readonly capabilities: readonly Capability[]
  /** Why a capability is not there, for the claims that are skipped without it. */
  readonly lacks?: Partial<Readonly<Record<Capability, string>>>
  readonly components: readonly ComponentFact[]
  /** The `--set` options in force, as they were written. */
  readonly set: readonly string[]
  /** The collector has no address that answers with its configuration, so it is handed over as rendered. */
  readonly collectorConfiguration: unknown
  /** The environment of each app, as rendered: no app answers with its own. */
  readonly appVariables: AppVariables
  /** The dashboards as rendered: they are run on what the stores hold, whether Grafana is there or not. */
  readonly dashboards?: RenderedDashboards
  /** What `--set fault-switch:…` adds to every fault that is asked for. */
  readonly faultDefaults: Readonly<Record<string, unknown>>
  /** Where it runs on Kubernetes. */
  readonly kubernetes?: KubernetesAccess
}

/** How claims ask the cluster itself. */
export interface KubernetesAccess {
  /** A file; its credentials never reach evidence. */
  readonly kubeconfig: string
  readonly context: string
  /** The namespaces of the stack and its apps. */
  readonly namespaces: readonly string[]
  /** The node's container, where this harness started it: what can be asked of a node can be asked there. */
  readonly nodeContainer?: string
  /** What that node is, where this harness started it: upstream's k3s, or upstream's Kubernetes put together here. */
  readonly nodeKind?: 'k3s' | 'kubernetes'
  /** How often autoscalers are looked at, where this harness said so to the controller. */
  readonly autoscalerSyncMs?: number
  /** What the manifests say is there, where it was this harness that applied them. */
  readonly applied?: readonly KubeRef[]
  /** Every image that was put into the node: reference and digest. */
  readonly images?: readonly { readonly reference: string; readonly digest: string }[]
}

export interface StackAddresses {
  readonly prometheus: string
  readonly loki: string
  /** Tempo's HTTP API, which is asked; what it takes in has a port of its own. */
  readonly tempo: string
  readonly alertmanager: string
  /** A second Alertmanager that hears the same alerts and neither groups nor inhibits: what noise is measured against. */
  readonly alertmanagerNaive: string
  readonly ingress: string
  readonly alertReceiver: string
  readonly alertReceiverSwitch: string
  /** Where it is part of the stack: its image is not to be had everywhere. */
  readonly grafana?: string
  readonly collectorHealth: string
  readonly collectorMetrics: string
}

export interface AppAddress {
  readonly name: string
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly url: string
  readonly faultSwitch: string | null
  /** The container runtime's log of the app. */
  readonly logFile: string
  /** On Kubernetes: how its pods are found, and the port of their metrics pages. There may be several, each with its own counts. */
  readonly pods?: { readonly labelSelector: string; readonly port: number }
}

/**
 * What a claim may need of the place it runs in; by what the harness may do there, and what it can see there.
 * - `metrics`, `logs`, `alerts`, `traces`: the store of that signal can be asked.
 * - `traffic`: requests may be sent to the apps. `sole-traffic`: nobody else sends any, so that counts can be compared.
 * - `app-faults`: apps have fault switches that may be used.
 * - `written-logs`: lines may be written where the container runtime writes those of apps.
 * - `stack-faults`: components can be paused, links between them cut, logs held and targets hidden.
 * - `notifications`: an alert receiver of ours is at the end of the routes. `naive-routing`: beside it, an Alertmanager
 *   that neither groups nor inhibits.
 * - `grafana`: Grafana itself runs and can be asked.
 * - `kubernetes`: there is a cluster to ask. `cluster-changes`: objects of it may be created, edited and deleted.
 */
export const capabilities = [
  'metrics',
  'logs',
  'traces',
  'alerts',
  'traffic',
  'sole-traffic',
  'app-faults',
  'written-logs',
  'stack-faults',
  'notifications',
  'naive-routing',
  'kubernetes',
  'cluster-changes',
  'grafana',
] as const
export type Capability = (typeof capabilities)[number]

/** What every stack that this harness started itself can be asked for, wherever it runs. */
export const ownStackCapabilities: readonly Capability[] = capabilities.filter(
  (name) => name !== 'kubernetes' && name !== 'cluster-changes' && name !== 'grafana',
)

/** In what words Grafana is missing where it could have been part of the stack. */
export const withoutGrafana = { grafana: "Grafana's image is not to be had here" } as const

export interface ComponentFact {
  readonly name: string
  readonly version: string
  readonly provenance: 'path' | 'cache' | 'downloaded' | 'built' | 'image'
  readonly location: string
}
