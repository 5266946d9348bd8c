import { Alertmanager } from '../../backends/alertmanager.ts'
import { Loki } from '../../backends/loki.ts'
import { Prometheus } from '../../backends/prometheus.ts'
import { Tempo } from '../../backends/tempo.ts'
import type { ClusterSection } from '../../config/cluster-section.ts'
import { send } from '../../core/http.ts'
import { describeThrown } from '../../core/signalproof-error.ts'
import type { ComponentFact } from '../contract.ts'
import type { PlannedBackend } from './planned-backends.ts'

/** Whether each backend that is stated answers, as a supervisor would say it. */

const readyPaths: Readonly<Record<string, string>> = {
  prometheus: '/-/ready',
  loki: '/ready',
  tempo: '/ready',
  alertmanager: '/-/ready',
  'alertmanager-naive': '/-/ready',
  'alert-receiver': '/notifications?after=999999999',
  'collector-metrics': '/metrics',
}

export async function lookAtBackends(
  backends: readonly Pick<PlannedBackend, 'name'>[],
  addressOf: (backend: string) => string,
): Promise<{ components: { name: string; state: string }[] }> {
  const asked = backends.filter(({ name }) => readyPaths[name] !== undefined)
  return {
    components: await Promise.all(
      asked.map(async ({ name }) => ({ name, state: await stateOf(name, addressOf(name)) })),
    ),
  }
}

async function stateOf(name: string, address: string): Promise<string> {
  try {
    const { status, data } = await send({ backend: name, url: `${address}${readyPaths[name]}` })
    return status === 200 ? 'ready' : `answering ${status} ${excerpt(data)}`
  } catch (thrown) {
    return `not answering (${describeThrown(thrown)})`
  }
}

const excerpt = (data: unknown): string =>
  (typeof data === 'string' ? data : JSON.stringify(data)).replaceAll(/\s+/g, ' ').slice(0, 160)

/** What runs there, by its own word. */
export async function readVersions(
  services: ClusterSection['services'],
  addressOf: (backend: string) => string,
): Promise<ComponentFact[]> {
  const asked = {
    prometheus: () => new Prometheus(addressOf('prometheus')).version(),
    loki: () => new Loki(addressOf('loki')).version(),
    alertmanager: () => new Alertmanager(addressOf('alertmanager')).version(),
    ...(services.tempo === undefined ? {} : { tempo: () => new Tempo(addressOf('tempo')).version() }),
  }
  return Promise.all(
    Object.entries(asked).map(async ([name, version]): Promise<ComponentFact> => {
      const { namespace, name: service } = services[name as keyof typeof services] ?? { namespace: '', name }
      return {
        name,
        // One that does not answer is the first claim's to name.
        version: await version().catch(() => 'unknown'),
        provenance: 'image',
        location: `Service ${namespace}/${service}`,
      }
    }),
  )
}
