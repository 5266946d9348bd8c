import { alertReceiverCalls } from '../../backends/alert-receiver.ts'
import { alertmanagerCalls } from '../../backends/alertmanager.ts'
import { faultSwitchCalls } from '../../backends/fault-switch-calls.ts'
import { lokiCalls } from '../../backends/loki.ts'
import { metricsPageCalls } from '../../backends/metrics-page.ts'
import { prometheusCalls } from '../../backends/prometheus.ts'
import { tempoCalls } from '../../backends/tempo-calls.ts'
import type { ClusterSection, ClusterService } from '../../config/cluster-section.ts'
import type { SignalproofConfig, WatchedApp } from '../../config/config-schema.ts'
import type { DeclaredCall } from '../../core/declared-call.ts'
import { kubernetesReads } from './kubernetes-reads.ts'

/**
 * Everything that a run on somebody's cluster may ask, by whom it asks. This is what `--plan` shows, and it is all that the
 * forwarder lets through: a request that is not here is not made.
 */

/** Where requests to a backend go. */
export type Route =
  /** The API server itself. */
  | { readonly kind: 'api-server' }
  /** The API server's proxy to a Service. */
  | { readonly kind: 'service'; readonly service: ClusterService }
  /** The API server's proxy to an app's pod. */
  | { readonly kind: 'pod'; readonly app: string; readonly namespace: string; readonly port: number }
  /** A port that the API server forwards to an app's pod: its proxy would take the token of the switch for its own. */
  | { readonly kind: 'port-forward'; readonly app: string; readonly namespace: string; readonly port: number }
  | { readonly kind: 'url'; readonly url: string }

export interface PlannedBackend {
  readonly name: string
  readonly route: Route
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>
  readonly calls: readonly DeclaredCall[]
}

export interface PlanSource {
  readonly config: Pick<SignalproofConfig, 'apps'>
  readonly section: ClusterSection
  /** Where the runbooks of the alerts and dashboards lie: their links are followed. */
  readonly runbookPaths: readonly string[]
}

export const kubernetesBackend = 'kubernetes'
export const appBackend = (app: string): string => `app-${app}`
export const switchBackend = (app: string): string => `switch-${app}`

export function planBackends({ config, section, runbookPaths }: PlanSource): PlannedBackend[] {
  const { services, allow } = section
  const mayAsk = allow.includes('traffic')
  const mayBreak = allow.includes('app-faults')
  return [
    {
      name: kubernetesBackend,
      route: { kind: 'api-server' },
      headers: {},
      calls: kubernetesReads(section, config).map(({ call }) => call),
    },
    ofService('prometheus', services.prometheus, prometheusCalls),
    ofTenant('loki', services.loki, lokiCalls),
    ofService('alertmanager', services.alertmanager, alertmanagerCalls),
    ...(services.tempo === undefined ? [] : [ofTenant('tempo', services.tempo, tempoCalls)]),
    ...optional('alert-receiver', services.alertReceiver, alertReceiverCalls),
    ...optional('alertmanager-naive', services.alertmanagerNaive, ['GET /-/ready']),
    ...optional('collector-metrics', services.collectorMetrics, metricsPageCalls),
    ...(mayAsk ? [ingressOf({ config, section, runbookPaths })] : []),
    ...(mayAsk ? config.apps.map((app) => pageOf(app, section)) : []),
    ...(mayBreak ? config.apps.flatMap((app) => switchOf(app, section)) : []),
  ]
}

const ofService = (
  name: string,
  service: ClusterService,
  calls: readonly DeclaredCall[],
): PlannedBackend => ({ name, route: { kind: 'service', service }, headers: {}, calls })

/** Of a store with several tenants: whose data is asked for goes with every request. */
function ofTenant(
  name: string,
  { tenant, ...service }: ClusterService & { readonly tenant?: string | undefined },
  calls: readonly DeclaredCall[],
): PlannedBackend {
  const headers = tenant === undefined ? {} : { 'X-Scope-OrgID': tenant }
  return { ...ofService(name, service, calls), headers }
}

const optional = (name: string, service: ClusterService | undefined, calls: readonly DeclaredCall[]) =>
  service === undefined ? [] : [ofService(name, service, calls)]

function ingressOf({ config, section, runbookPaths }: PlanSource): PlannedBackend {
  const { url, service } = section.ingress ?? {}
  const exercises = config.apps.flatMap(({ good, otherAnswers }) => [...good, ...otherAnswers])
  const calls = [
    // Beside the requests of the table: one for a host that has no ingress.
    'GET /' as const,
    ...exercises.map(({ method, path }): DeclaredCall => `${method} /${withoutQuery(path).slice(1)}`),
    ...runbookPaths.map((path): DeclaredCall => `GET /${path.slice(1)}`),
    ...(section.allow.includes('app-faults')
      ? config.apps.map((app): DeclaredCall => `GET /${pathOfHiddenSwitch(app).slice(1)}`)
      : []),
  ]
  return {
    name: 'ingress',
    route: service === undefined ? { kind: 'url', url: url ?? '' } : { kind: 'service', service },
    headers: {},
    calls: [...new Set(calls)],
  }
}

const withoutQuery = (path: string): string => path.split('?')[0] ?? path

/** Where an app's fault switch would be, were it behind the ingress: platform.fault-switches-hidden looks there. */
function pathOfHiddenSwitch({ good }: WatchedApp): string {
  const [, first = ''] = withoutQuery(good[0]?.path ?? '/').split('/')
  return first === '' ? '/faults' : `/${first}/faults`
}

const pageOf = ({ name, namespace }: WatchedApp, { appPods }: ClusterSection): PlannedBackend => ({
  name: appBackend(name),
  route: { kind: 'pod', app: name, namespace, port: appPods.port },
  headers: {},
  calls: metricsPageCalls,
})

function switchOf(
  { name, namespace, faultRoute }: WatchedApp,
  { appPods }: ClusterSection,
): PlannedBackend[] {
  const { faultSwitch } = appPods
  if (faultSwitch === undefined || faultRoute === undefined) return []
  return [
    {
      name: switchBackend(name),
      route: { kind: 'port-forward', app: name, namespace, port: faultSwitch.port },
      headers: {},
      calls: faultSwitchCalls,
    },
  ]
}

/** Where a route begins on the API server; a pod is named once it is known. */
export function apiPathOf(route: Route, podOf: (app: string) => string): string {
  switch (route.kind) {
    case 'service': {
      const { namespace, name, port, scheme, pathPrefix } = route.service
      return `/api/v1/namespaces/${namespace}/services/${scheme === 'https' ? 'https:' : ''}${name}:${port}/proxy${pathPrefix}`
    }
    case 'pod':
      return `/api/v1/namespaces/${route.namespace}/pods/${podOf(route.app)}:${route.port}/proxy`
    case 'port-forward':
      return `/api/v1/namespaces/${route.namespace}/pods/${podOf(route.app)}/portforward`
    case 'api-server':
    case 'url':
      return ''
  }
}
