import type { ClusterSection } from '../../config/cluster-section.ts'
import type { Capability, RunningEnvironment } from '../contract.ts'

/** What claims may do and can see on a cluster that is not ours, by what its section of the configuration says. */
export function abilitiesOf(
  section: Pick<ClusterSection, 'allow' | 'namespaces' | 'services' | 'soleTraffic'>,
): Required<Pick<RunningEnvironment, 'capabilities' | 'lacks'>> {
  const { allow, namespaces, soleTraffic, services } = section
  const stated = (what: string) => `signalproof.config.ts does not state ${what}`
  const lacks: Partial<Record<Capability, string>> = {
    'written-logs': 'nobody can write into the logs of apps on a cluster that is only looked at',
    'stack-faults': 'a stack that is only looked at is not broken',
    'cluster-changes': 'nothing of a cluster that is only looked at is changed',
    ...(allow.includes('traffic')
      ? {}
      : { traffic: 'no request may be sent to the apps: `cluster.allow` does not name traffic' }),
    ...(soleTraffic && allow.includes('traffic')
      ? {}
      : {
          'sole-traffic':
            'others send requests to the apps, too (`cluster.soleTraffic`): counts would differ',
        }),
    ...(allow.includes('app-faults')
      ? {}
      : { 'app-faults': 'no fault may be made in an app: `cluster.allow` does not name app-faults' }),
    ...(services.tempo === undefined
      ? { traces: `${stated('`cluster.services.tempo`')}, where traces would be asked for` }
      : {}),
    ...(services.alertReceiver === undefined
      ? { notifications: `${stated('`cluster.services.alertReceiver`')}: nobody sees what is delivered` }
      : {}),
    ...(services.alertmanagerNaive === undefined
      ? { 'naive-routing': `${stated('`cluster.services.alertmanagerNaive`')} to compare with` }
      : {}),
    ...(namespaces.length === 0
      ? { kubernetes: `${stated('`cluster.namespaces`')} whose objects may be listed` }
      : {}),
  }
  const all: readonly Capability[] = [
    'metrics',
    'logs',
    'traces',
    'alerts',
    'traffic',
    'sole-traffic',
    'app-faults',
    'notifications',
    'naive-routing',
    'kubernetes',
  ]
  return { capabilities: all.filter((name) => lacks[name] === undefined), lacks }
}
