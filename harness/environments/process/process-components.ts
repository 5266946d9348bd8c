import { dirname, join } from 'node:path'
import type { AppVariables } from '../../config/app-variables.ts'
import {
  containerLogFile,
  local,
  type ProcessHome,
  type ProcessPort,
  processLinks,
  targetsFolder,
} from '../../config/process-placement.ts'
import type { ComponentPlan, WaysToBreak } from './supervisor-protocol.ts'

/** Every process of the environment: what starts it, what it needs first and how it says that it is ready. */

/** A component that never becomes ready is broken; this is far above what the slowest took on a loaded machine. */
const readyWithinMs = 60_000
const stopWithinMs = 5_000

/**
 * A laptop runs this beside everything else: Go collects its small heaps more often, Node keeps a small nursery. Measured:
 * 659 MB at rest without, 579 MB with it and the compile cache, which spares each Node process its type stripper.
 */
const smallMemory = { GOGC: '40', NODE_OPTIONS: '--max-semi-space-size=1', MALLOC_ARENA_MAX: '1' }

/** The commands that the toolchain found or made, and the tokens of this environment. */
export interface ProcessCommands {
  readonly prometheus: string
  readonly loki: string
  readonly tempo: string
  readonly alertmanager: string
  readonly otelcol: string
  readonly traefik: string
  readonly node: string
  /** Where Node keeps what it compiled. */
  readonly nodeCompileCache: string
  readonly nodeApp: (app: 'alert-receiver' | 'frontend') => string
  readonly goApp: string
  readonly pythonApp: { readonly python: string; readonly folder: string; readonly module: string }
  readonly scheduleData: string
  readonly runbooks: string
}

/** What of the rendered configuration reaches a component by its command line or environment. */
export interface PlanSettings {
  readonly faultToken: string
  readonly ingressHost: string
  readonly prometheusFlags: Readonly<Record<string, string>>
  readonly appVariables: AppVariables
}

export function planComponents(
  home: ProcessHome,
  commands: ProcessCommands,
  settings: PlanSettings,
): ComponentPlan[] {
  const config = (file: string) => join(home.folder, 'config', file)
  const data = (name: string) => join(home.folder, 'data', name)
  const url = (port: ProcessPort, path: string) => `http://${local(home, port)}${path}`
  const plan = (
    name: string,
    command: string,
    args: string[],
    readyUrl: string,
    more: Partial<ComponentPlan> = {},
  ): ComponentPlan => ({
    name,
    command,
    args,
    env: { PATH: '/usr/bin:/bin', TZ: 'UTC', LANG: 'C.UTF-8', ...smallMemory },
    cwd: home.folder,
    needs: [],
    ready: { url: readyUrl, withinMs: readyWithinMs },
    logs: { kind: 'plain', file: join(home.folder, 'logs', `${name}.log`) },
    stopWithinMs,
    ...more,
  })
  const app = (
    name: ProcessPort,
    command: string,
    args: string[],
    env: Record<string, string>,
    more: Partial<ComponentPlan> = {},
  ) => {
    const base = plan(name, command, args, url(name, '/readyz'), more)
    const variables = settings.appVariables[name]
    return { ...base, env: { ...base.env, LISTEN_ADDRESS: local(home, name), ...env, ...variables } }
  }
  const inPod = (name: string): Partial<ComponentPlan> => ({
    logs: { kind: 'cri', file: containerLogFile(home, 'apps', name) },
  })
  const faultSwitch = (port: ProcessPort) => ({
    FAULT_SWITCH_ADDRESS: local(home, port),
    FAULT_SWITCH_TOKEN: settings.faultToken,
  })
  const alertmanager = (name: 'alertmanager' | 'alertmanager-naive') =>
    plan(
      name,
      commands.alertmanager,
      [
        `--config.file=${config(`${name}.yaml`)}`,
        `--storage.path=${data(name)}`,
        `--web.listen-address=${local(home, name)}`,
        '--cluster.listen-address=',
        '--log.level=warn',
      ],
      url(name, '/-/ready'),
    )
  return [
    // Its ruler sends from the first evaluation on, as Prometheus does.
    plan('loki', commands.loki, [`-config.file=${config('loki.yaml')}`], url('loki', '/ready'), {
      needs: ['alertmanager'],
    }),
    // Told to end, it takes connections for another 30 s, so that senders can look for another one.
    plan('tempo', commands.tempo, [`-config.file=${config('tempo.yaml')}`], url('tempo', '/ready'), {
      stopWithinMs: 500,
    }),
    plan(
      'prometheus',
      commands.prometheus,
      [
        `--config.file=${config('prometheus.yaml')}`,
        `--storage.tsdb.path=${data('prometheus')}`,
        `--web.listen-address=${local(home, 'prometheus')}`,
        '--log.level=warn',
        ...Object.entries(settings.prometheusFlags).map(([flag, value]) => `--${flag}=${value}`),
      ],
      url('prometheus', '/-/ready'),
      // An alert that is sent before Alertmanager listens is lost until it is sent again.
      { needs: ['alertmanager'] },
    ),
    alertmanager('alertmanager'),
    alertmanager('alertmanager-naive'),
    // Started before both answer, its first push would wait for a retry.
    plan(
      'collector',
      commands.otelcol,
      [`--config=${config('collector.yaml')}`],
      url('collector-health', '/'),
      { needs: ['loki', 'tempo'] },
    ),
    plan(
      'traefik',
      commands.traefik,
      [`--configFile=${config('traefik.yaml')}`],
      url('traefik-internal', '/ping'),
    ),
    app('alert-receiver', commands.node, [commands.nodeApp('alert-receiver')], {
      NODE_COMPILE_CACHE: commands.nodeCompileCache,
      ...faultSwitch('alert-receiver-admin'),
    }),
    app(
      'frontend',
      commands.node,
      [commands.nodeApp('frontend')],
      {
        NODE_COMPILE_CACHE: commands.nodeCompileCache,
        INGRESS_URL: `http://${local(home, 'traefik')}`,
        INGRESS_HOST: settings.ingressHost,
        SCHEDULE_DATA_FILE: commands.scheduleData,
        RUNBOOKS_FOLDER: commands.runbooks,
      },
      inPod('frontend'),
    ),
    app(
      'available-schedules-go',
      commands.goApp,
      [],
      { SCHEDULE_DATA_FILE: commands.scheduleData, ...faultSwitch('available-schedules-go-admin') },
      inPod('available-schedules-go'),
    ),
    app(
      'available-schedules-python',
      commands.pythonApp.python,
      ['-m', commands.pythonApp.module],
      {
        SCHEDULE_DATA_FILE: commands.scheduleData,
        PYTHONDONTWRITEBYTECODE: '1',
        PYTHONPATH: commands.pythonApp.folder,
        ...faultSwitch('available-schedules-python-admin'),
      },
      { cwd: dirname(commands.pythonApp.folder), ...inPod('available-schedules-python') },
    ),
  ]
}

/** What of the environment can be broken beside its apps. */
export function planWaysToBreak(home: ProcessHome): WaysToBreak {
  return {
    links: Object.entries(processLinks).map(([name, target]) => ({
      name,
      listenPort: home.ports[name as keyof typeof processLinks],
      targetPort: home.ports[target],
    })),
    targetsFolder: targetsFolder(home),
  }
}

export { readyWithinMs }
