import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stringify } from 'yaml'
import { naiveReceiver } from '../../backends/alert-receiver.ts'
import { local, type ProcessHome, targetsFolder, traefikRoutes } from '../../config/process-placement.ts'
import type { StackDocuments } from '../../config/stack-documents.ts'

/** Writes the rendered documents to where the processes read them, below `<folder>/config`. */
export function writeStackFiles(documents: StackDocuments, home: ProcessHome): void {
  const files: Record<string, unknown> = {
    'prometheus.yaml': documents.prometheus,
    'prometheus-rules.yaml': documents['metric-rules'],
    'slo-rules.yaml': documents['slo-rules'],
    'loki.yaml': documents.loki,
    // One folder a tenant; without authentication the only tenant is called `fake`.
    'loki-rules/fake/rules.yaml': documents['log-rules'],
    'tempo.yaml': documents.tempo,
    'alertmanager.yaml': documents.alertmanager,
    'alertmanager-naive.yaml': naiveAlertmanager(home),
    'collector.yaml': documents.collector,
    'traefik.yaml': documents.traefik,
    'traefik-routes.yaml': traefikRoutes(documents.ingress, home),
  }
  for (const [name, document] of Object.entries(files)) {
    const file = join(home.folder, 'config', name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, stringify(document))
  }
  mkdirSync(targetsFolder(home), { recursive: true })
  for (const [app, targets] of Object.entries(documents.targets as Record<string, unknown>)) {
    writeFileSync(join(targetsFolder(home), `${app}.json`), JSON.stringify(targets))
  }
  for (const folder of ['data', 'pods', 'logs']) mkdirSync(join(home.folder, folder), { recursive: true })
}

/** Every alert by itself, at once: what grouping is measured against. */
function naiveAlertmanager(home: ProcessHome): unknown {
  return {
    route: {
      receiver: naiveReceiver,
      group_by: ['...'],
      group_wait: '0s',
      group_interval: '1s',
      repeat_interval: '4h',
    },
    receivers: [
      {
        name: naiveReceiver,
        webhook_configs: [
          { url: `http://${local(home, 'alert-receiver')}/webhook/${naiveReceiver}`, send_resolved: true },
        ],
      },
    ],
  }
}
