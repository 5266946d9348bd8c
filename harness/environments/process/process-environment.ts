import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { appVariablesOf } from '../../config/app-variables.ts'
import type { ProfileName } from '../../config/config-schema.ts'
import { renderedDashboards } from '../../config/dashboard-documents.ts'
import type { LoadedConfig } from '../../config/load-config.ts'
import {
  containerLogFile,
  local,
  type ProcessHome,
  type ProcessPort,
  placeAsProcesses,
  podOf,
  processPorts,
} from '../../config/process-placement.ts'
import { applySetOptions, type SetOption } from '../../config/set-option.ts'
import { readStackDocuments, type StackDocuments } from '../../config/stack-documents.ts'
import { applyProfile } from '../../config/time-profiles.ts'
import { SignalproofError } from '../../core/signalproof-error.ts'
import { type ComponentFact, ownStackCapabilities, type RunningEnvironment } from '../contract.ts'
import { type ProcessCommands, planComponents, planWaysToBreak, readyWithinMs } from './process-components.ts'
import { type Supervisor, startSupervisor } from './supervisor-client.ts'
import type { ComponentPlan, SupervisorEvent } from './supervisor-protocol.ts'
import { writeStackFiles } from './write-stack-files.ts'

/** The stack as child processes on 127.0.0.1: rendered, started, and ended by its supervisor whatever happens. */

export interface ProcessEnvironmentRequest {
  readonly project: LoadedConfig
  readonly profile: ProfileName
  readonly set: readonly SetOption[]
  readonly folder: string
  readonly commands: ProcessCommands
  readonly components: readonly ComponentFact[]
  /** When the command began, epoch ms. */
  readonly startedAt: number
  readonly signal?: AbortSignal
  readonly onEvent?: (event: SupervisorEvent) => void
}

export interface StartedProcessEnvironment {
  readonly environment: RunningEnvironment
  readonly supervisor: Supervisor
  /** Starts the components; rejects when one fails before all are ready. */
  readonly ready: Promise<unknown>
}

/**
 * Claims ports, renders the configuration and begins to start the components. It does not wait for them: whoever uses
 * the environment asks the supervisor.
 * @throws SignalproofError ENV_NO_PORTS, ENV_SUPERVISOR, CONFIG_INVALID, SET_PATH_UNKNOWN
 */
export async function beginProcessEnvironment(
  request: ProcessEnvironmentRequest,
): Promise<StartedProcessEnvironment> {
  const { project, folder, signal, onEvent } = request
  // Rendered for nobody's ports first: what is wrong with the configuration shows before anything is started.
  const digest = digestOf(request)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const supervisor = await startSupervisor({ folder, signal, onEvent })
  try {
    const home: ProcessHome = {
      folder,
      ports: assignPorts(supervisor.ports),
      id: randomBytes(4).toString('hex'),
    }
    const documents = renderProcessDocuments(request, home)
    writeStackFiles(documents, home)
    const faultToken = randomBytes(24).toString('base64url')
    const plan = planComponents(home, request.commands, {
      faultToken,
      ingressHost: project.config.ingress.host,
      prometheusFlags: documents['prometheus-flags'] as Record<string, string>,
      appVariables: appVariablesOf(documents.apps),
    })
    const ready = supervisor.start(plan, planWaysToBreak(home))
    ready.catch(() => {})
    return {
      environment: describe(request, { home, supervisor, documents, faultToken, digest, plan }),
      supervisor,
      ready,
    }
  } catch (thrown) {
    await supervisor.stop({ removeFolder: true })
    throw thrown
  }
}

/** Sources → profile → placement → `--set`, each on the parsed documents. */
function renderProcessDocuments(
  { project, profile, set }: Pick<ProcessEnvironmentRequest, 'project' | 'profile' | 'set'>,
  home: ProcessHome,
): StackDocuments {
  const sources = readStackDocuments(project)
  return applySetOptions(placeAsProcesses(applyProfile(profile, sources), project.config, home), set)
}

/** What git holds for production, with the same `--set`: promises are judged on it without running it. */
export function renderProductionDocuments({
  project,
  set,
}: Pick<ProcessEnvironmentRequest, 'project' | 'set'>): StackDocuments {
  const home: ProcessHome = { folder: '/', ports: nominalPorts(), id: 'production' }
  return renderProcessDocuments({ project, profile: 'production', set }, home)
}

/** Two environments of one digest run the same stack: same rendering but for ports and folders, same binaries. */
export function digestOf(
  request: Pick<ProcessEnvironmentRequest, 'project' | 'profile' | 'set' | 'components' | 'commands'>,
): string {
  const home: ProcessHome = { folder: '/nominal', ports: nominalPorts(), id: 'nominal' }
  const rendered = renderProcessDocuments(request, home)
  const { config } = request.project
  const what = {
    rendered,
    config,
    profile: request.profile,
    components: request.components,
    commands: Object.values(request.commands).map(String),
  }
  return createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 16)
}

function nominalPorts(): Record<ProcessPort, number> {
  return Object.fromEntries(processPorts.map((port, index) => [port, index + 1])) as Record<
    ProcessPort,
    number
  >
}

function assignPorts(free: readonly number[]): Record<ProcessPort, number> {
  if (free.length < processPorts.length) {
    throw new SignalproofError('ENV_NO_PORTS', {
      expected: `${processPorts.length} free ports in the claimed block`,
      seen: `${free.length}`,
      remedy: 'end what listens on 127.0.0.1 between 20000 and 32767, then try again',
    })
  }
  return Object.fromEntries(processPorts.map((port, index) => [port, free[index]])) as Record<
    ProcessPort,
    number
  >
}

interface Rendered {
  readonly home: ProcessHome
  readonly supervisor: Supervisor
  readonly documents: StackDocuments
  readonly faultToken: string
  readonly digest: string
  readonly plan: readonly ComponentPlan[]
}

function describe(
  request: ProcessEnvironmentRequest,
  { home, supervisor, documents, faultToken, digest, plan }: Rendered,
): RunningEnvironment {
  const url = (port: ProcessPort) => `http://${local(home, port)}`
  const portNamed = (name: string) => processPorts.find((port) => port === name)
  return {
    kind: 'process',
    profile: request.profile,
    digest,
    id: home.id,
    folder: home.folder,
    startedAt: request.startedAt,
    kept: false,
    addresses: {
      prometheus: url('prometheus'),
      loki: url('loki'),
      tempo: url('tempo'),
      alertmanager: url('alertmanager'),
      alertmanagerNaive: url('alertmanager-naive'),
      ingress: url('traefik'),
      alertReceiver: url('alert-receiver'),
      alertReceiverSwitch: url('alert-receiver-admin'),
      collectorHealth: url('collector-health'),
      collectorMetrics: url('collector-metrics'),
    },
    apps: request.project.config.apps.flatMap(({ name, namespace }) => {
      const [port, admin] = [portNamed(name), portNamed(`${name}-admin`)]
      if (port === undefined) return []
      const logFile = containerLogFile(home, namespace, name)
      return [
        {
          name,
          namespace,
          pod: podOf(home, name),
          container: name,
          url: url(port),
          faultSwitch: admin === undefined ? null : url(admin),
          logFile,
        },
      ]
    }),
    supervisor: { url: `http://127.0.0.1:${supervisor.anchorPort}`, token: supervisor.token },
    readyWithinMs: readyWithinMs * plan.length,
    faultToken,
    capabilities: ownStackCapabilities,
    components: request.components,
    set: request.set.map(({ text }) => text),
    collectorConfiguration: documents.collector,
    dashboards: renderedDashboards(documents),
    appVariables: appVariablesOf(documents.apps),
    faultDefaults: documents['fault-switch'] as Record<string, unknown>,
  }
}
