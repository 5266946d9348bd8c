import { type ClusterSection, clusterSection } from '../../config/cluster-section.ts'
import type { WatchedApp } from '../../config/config-schema.ts'

const service = (name: string, port: number) => ({ namespace: 'monitoring', name, port })

/** What a team says of a cluster that is only read, or with more of it. */
export const sectionDouble = (more: Readonly<Record<string, unknown>> = {}): ClusterSection =>
  clusterSection.parse({
    context: 'staging',
    services: {
      prometheus: service('prometheus', 9090),
      loki: { ...service('loki', 3100), tenant: 'shop' },
      alertmanager: { ...service('alertmanager', 9093), scheme: 'https', pathPrefix: '/am' },
    },
    ...more,
  })

/** Everything that can be allowed. */
export const openSection = (): ClusterSection =>
  sectionDouble({
    allow: ['traffic', 'app-faults'],
    soleTraffic: true,
    namespaces: ['shop'],
    services: {
      ...sectionDouble().services,
      tempo: service('tempo', 3200),
      alertReceiver: service('alert-receiver', 8080),
    },
    ingress: { url: 'https://staging.example/' },
    appPods: {
      faultSwitch: {
        port: 9000,
        token: { secret: { namespace: 'shop', name: 'fault-switch', key: 'token' } },
      },
    },
  })

export const appDouble = (name: string): WatchedApp => ({
  name,
  namespace: 'shop',
  faultRoute: '/v1/orders',
  good: [{ method: 'GET', path: '/v1/orders?limit=1', route: '/v1/orders', status: 200, causes: [] }],
  otherAnswers: [{ method: 'POST', path: '/v1/orders', route: '/v1/orders', status: 405, causes: [] }],
  faultStatuses: [500],
})
