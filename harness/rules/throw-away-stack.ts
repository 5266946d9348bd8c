import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { getAtPath, isMap, setAtPath } from '../config/document-path.ts'
import type { LoadedConfig } from '../config/load-config.ts'
import { type ProcessPort, placeLoki, processPorts } from '../config/process-placement.ts'
import { readLogBackends } from '../config/stack-documents.ts'
import { applyProfile } from '../config/time-profiles.ts'
import { parseDurationMs } from '../core/prometheus-duration.ts'
import type { Supervisor } from '../environments/process/supervisor-client.ts'
import type { ComponentPlan } from '../environments/process/supervisor-protocol.ts'

/**
 * A Loki with its ruler and an Alertmanager for one run of the rule tests, in the fast profile. Each case is a tenant of
 * that Loki: the shipped expressions select by label and know no tenant, so that they stay as they are while no case
 * sees the lines of another. Nothing is delivered from here: receivers keep their names and lose their addresses.
 */

export interface ThrowAwayStack {
  readonly lokiUrl: string
  readonly alertmanagerUrl: string
  /** The longest from the start of Loki to an alert of a tenant's rule that fires, by the ruler's own settings. */
  readonly firesWithinMs: (tenant: string, alert: string) => number
}

export interface ThrowAwayRequest {
  readonly project: LoadedConfig
  readonly supervisor: Supervisor
  readonly commands: { readonly loki: string; readonly alertmanager: string }
  /** Rule documents in the fast profile, by tenant; a tenant that is not here has no rules. */
  readonly rules: ReadonlyMap<string, unknown>
}

/** Far above what either took on a loaded machine; a component that needs longer is broken. */
const readyWithinMs = 60_000

/** @throws SignalproofError ENV_COMPONENT_DIED, ENV_NOT_READY, ENV_SUPERVISOR, CONFIG_INVALID */
export async function startThrowAwayStack(request: ThrowAwayRequest): Promise<ThrowAwayStack> {
  const { project, supervisor, commands, rules } = request
  // All of it below `data`, which the supervisor removes whatever way the run ends.
  const folder = join(supervisor.folder, 'data')
  const ports = Object.fromEntries(
    processPorts.map((port, index) => [port, supervisor.ports[index]]),
  ) as Record<ProcessPort, number>
  const fast = applyProfile('fast', readLogBackends(project))
  const alertmanagerUrl = `http://127.0.0.1:${ports.alertmanager}`
  const lokiDocument = fast.loki
  placeLoki(lokiDocument, { folder, ports, id: 'rules' })
  setAtPath(lokiDocument, 'auth_enabled', true, 'loki')
  setAtPath(lokiDocument, 'ruler.alertmanager_url', alertmanagerUrl, 'loki')

  const write = (path: readonly string[], document: unknown) => {
    mkdirSync(join(folder, ...path.slice(0, -1)), { recursive: true })
    writeFileSync(join(folder, ...path), stringify(document))
  }
  write(['config', 'loki.yaml'], lokiDocument)
  write(['config', 'alertmanager.yaml'], withoutAddresses(fast.alertmanager))
  mkdirSync(join(folder, 'config', 'loki-rules'), { recursive: true })
  for (const [tenant, document] of rules) write(['config', 'loki-rules', tenant, 'rules.yaml'], document)

  const plan = (name: string, command: string, args: string[], ready: string): ComponentPlan => ({
    name,
    command,
    args,
    env: { PATH: '/usr/bin:/bin', TZ: 'UTC', LANG: 'C.UTF-8' },
    cwd: supervisor.folder,
    needs: [],
    ready: { url: ready, withinMs: readyWithinMs },
    logs: { kind: 'plain', file: join(supervisor.folder, 'logs', `${name}.log`) },
    stopWithinMs: 5_000,
  })
  const lokiUrl = `http://127.0.0.1:${ports.loki}`
  await supervisor.start([
    plan('loki', commands.loki, [`-config.file=${join(folder, 'config', 'loki.yaml')}`], `${lokiUrl}/ready`),
    plan(
      'alertmanager',
      commands.alertmanager,
      [
        `--config.file=${join(folder, 'config', 'alertmanager.yaml')}`,
        `--storage.path=${join(folder, 'alertmanager')}`,
        `--web.listen-address=127.0.0.1:${ports.alertmanager}`,
        '--cluster.listen-address=',
        '--log.level=warn',
      ],
      `${alertmanagerUrl}/-/ready`,
    ),
  ])
  const firesWithinMs = (tenant: string, alert: string) => {
    const setting = (path: string) => durationAt(lokiDocument, path)
    // The ruler finds its rules, waits for its turn, and evaluates until `for` is over.
    return (
      setting('ruler.poll_interval') +
      2 * setting('ruler.evaluation_interval') +
      forMs(rules.get(tenant), alert)
    )
  }
  return { lokiUrl, alertmanagerUrl, firesWithinMs }
}

function forMs(rules: unknown, alert: string): number {
  const groups = isMap(rules) && Array.isArray(rules.groups) ? (rules.groups as { rules: unknown[] }[]) : []
  const rule = groups.flatMap((group) => group.rules).find((each) => isMap(each) && each.alert === alert)
  return durationAt(rule, 'for')
}

/** In milliseconds; none where nothing is set. */
function durationAt(document: unknown, path: string): number {
  return parseDurationMs(String(getAtPath(document, path) ?? '0')) ?? 0
}

function withoutAddresses(alertmanager: unknown): unknown {
  if (!isMap(alertmanager) || !Array.isArray(alertmanager.receivers)) return alertmanager
  return {
    ...alertmanager,
    receivers: alertmanager.receivers.map(({ name }: { name: string }) => ({ name })),
  }
}
