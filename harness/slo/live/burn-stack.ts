import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { isMap } from '../../config/document-path.ts'
import type { LoadedConfig } from '../../config/load-config.ts'
import { readLogBackends } from '../../config/stack-documents.ts'
import { applyProfile } from '../../config/time-profiles.ts'
import type { Supervisor } from '../../environments/process/supervisor-client.ts'
import type { ComponentPlan } from '../../environments/process/supervisor-protocol.ts'
import type { RuleGroup } from '../burn-rate-rules.ts'

/** A Prometheus that scrapes the stand-ins and an Alertmanager with the shipped routing, for one run of burn rates. */

export interface BurnStackRequest {
  readonly project: LoadedConfig
  readonly supervisor: Supervisor
  readonly commands: { readonly prometheus: string; readonly alertmanager: string }
  readonly groups: readonly RuleGroup[]
  readonly exporterPort: number
  readonly sinkPort: number
  /** Of scrapes and evaluations alike. */
  readonly everyMs: number
}

export interface BurnStack {
  readonly prometheusUrl: string
  readonly alertmanagerUrl: string
}

/** Far above what either took on a loaded machine; a component that needs longer is broken. */
const readyWithinMs = 60_000

/** @throws SignalproofError ENV_COMPONENT_DIED, ENV_NOT_READY, ENV_SUPERVISOR */
export async function startBurnStack(request: BurnStackRequest): Promise<BurnStack> {
  const { supervisor, commands, everyMs } = request
  const [prometheusPort, alertmanagerPort] = supervisor.ports
  // The configuration stays with the logs, the data goes when the run is over.
  const config = join(supervisor.folder, 'config')
  const data = join(supervisor.folder, 'data')
  const write = (name: string, document: unknown) => {
    mkdirSync(config, { recursive: true })
    writeFileSync(join(config, name), stringify(document, { lineWidth: 0 }))
    return join(config, name)
  }
  const alertmanager = `127.0.0.1:${alertmanagerPort}`
  const rules = write('burn-rates.yaml', { groups: request.groups })
  const prometheusConfig = write('prometheus.yaml', {
    global: {
      scrape_interval: `${everyMs}ms`,
      scrape_timeout: `${everyMs}ms`,
      evaluation_interval: `${everyMs}ms`,
    },
    rule_files: [rules],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
    scrape_configs: [
      {
        job_name: 'stand-ins',
        // One page has the counters of many apps, as their own labels say.
        honor_labels: true,
        static_configs: [{ targets: [`127.0.0.1:${request.exporterPort}`] }],
      },
      // It counts the evaluations that it had to leave out.
      {
        job_name: 'prometheus',
        scrape_interval: '5s',
        scrape_timeout: '5s',
        static_configs: [{ targets: [`127.0.0.1:${prometheusPort}`] }],
      },
    ],
  })
  const alertmanagerConfig = write('alertmanager.yaml', deliveredTo(request))
  const plan = (name: string, command: string, port: number | undefined, args: string[]): ComponentPlan => ({
    name,
    command,
    args: [...args, `--web.listen-address=127.0.0.1:${port}`, '--log.level=warn'],
    env: { PATH: '/usr/bin:/bin', TZ: 'UTC', LANG: 'C.UTF-8' },
    cwd: supervisor.folder,
    needs: [],
    ready: { url: `http://127.0.0.1:${port}/-/ready`, withinMs: readyWithinMs },
    logs: { kind: 'plain', file: join(supervisor.folder, 'logs', `${name}.log`) },
    stopWithinMs: 5_000,
  })
  await supervisor.start([
    plan('prometheus', commands.prometheus, prometheusPort, [
      `--config.file=${prometheusConfig}`,
      `--storage.tsdb.path=${join(data, 'prometheus')}`,
      '--rules.alert.resend-delay=1s',
    ]),
    plan('alertmanager', commands.alertmanager, alertmanagerPort, [
      `--config.file=${alertmanagerConfig}`,
      `--storage.path=${join(data, 'alertmanager')}`,
      '--cluster.listen-address=',
    ]),
  ])
  return {
    prometheusUrl: `http://127.0.0.1:${prometheusPort}`,
    alertmanagerUrl: `http://${alertmanager}`,
  }
}

/** The shipped routing in the fast profile, its receivers with the address of the sink. */
function deliveredTo({ project, sinkPort }: BurnStackRequest): unknown {
  const { alertmanager } = applyProfile('fast', readLogBackends(project))
  if (!isMap(alertmanager) || !Array.isArray(alertmanager.receivers)) return alertmanager
  const url = `http://127.0.0.1:${sinkPort}/`
  return {
    ...alertmanager,
    receivers: alertmanager.receivers.map(({ name }: { name: string }) => ({
      name,
      webhook_configs: [{ url, send_resolved: true }],
    })),
  }
}
