import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readEmptinessTable } from '../config/dashboard-documents.ts'
import type { LoadedConfig } from '../config/load-config.ts'
import { alertsInGit } from '../config/stack-documents.ts'
import { epochMs } from '../core/clock.ts'
import { newRunId } from '../core/run-id.ts'
import type { ComponentFact, RunningEnvironment } from '../environments/contract.ts'
import type { EnvironmentHome } from '../environments/home.ts'
import { loadRequest } from '../load/load-request.ts'
import { type InstallOptions, installComponents } from '../toolchain/install-components.ts'
import type { InstallProgress } from '../toolchain/install-progress.ts'
import { loadComponents } from '../toolchain/pins.ts'
import { interruptedWords } from './claim-record.ts'
import { signalsBasis } from './proven-signals.ts'
import { requireReadableDashboards } from './readable-dashboards.ts'
import type { RunSeed } from './run.ts'
import type { RunOptions } from './run-options.ts'
import { RunRecord } from './run-record.ts'

/** A run that has an environment: its own, or a kept one of the same configuration. */
export interface OpenRun {
  readonly seed: RunSeed
  /** Resolves when the record holds whether the environment lasted as long as its claims. */
  settled(): Promise<void>
  /** Ends what the run started; a kept environment stays. */
  close(): Promise<void>
}

export interface OpenRunParts {
  readonly home: EnvironmentHome
  readonly project: LoadedConfig
  readonly options: RunOptions
  readonly signal?: AbortSignal
  readonly progress?: InstallProgress
}

/**
 * Opens a run in an environment's home. It does not wait for the components; the first claim does.
 * @throws SignalproofError of the home
 */
export async function openRun({ home, project, options, signal, progress }: OpenRunParts): Promise<OpenRun> {
  requireReadableDashboards(project, options.set)
  const runId = newRunId()
  const request = options.load === undefined ? undefined : loadRequest(options.load, project)
  // Before the stack is started: it may have to be built, and would take the processor from whoever proves signals.
  const k6 = request === undefined ? undefined : await installedK6({ signal, progress })
  const folder =
    options.out === undefined ? join(project.root, '.signalproof', 'runs', runId) : resolve(options.out)
  const inGit = alertsInGit(project)
  const emptinessTable = readEmptinessTable(project)
  const record = new RunRecord(folder, runId)
  const { environment, productionDocuments, settled, close } = await home.open({
    project,
    profile: options.profile,
    set: options.set,
    keep: options.keep,
    ...(options.context === undefined ? {} : { context: options.context }),
    startedAt: options.startedAt,
    folder,
    startFolder: () => {
      startRunFolder(folder)
      // Before the environment hears of it: claims that see the stack go down must not take it for a broken one.
      signal?.addEventListener('abort', () =>
        record.write({ kind: 'environment-failed', message: interruptedWords }),
      )
    },
    onFailed: (message) => record.write({ kind: 'environment-failed', message }),
    ...(signal === undefined ? {} : { signal }),
    ...(progress === undefined ? {} : { progress }),
  })
  const load =
    request === undefined || k6 === undefined
      ? undefined
      : {
          request,
          k6Path: k6.location,
          signals: signalsBasis({
            root: project.root,
            environment,
            unproven: request.unproven,
            nowMs: epochMs(),
          }),
        }
  return {
    seed: {
      runId,
      folder,
      environment: k6 === undefined ? environment : withComponent(environment, k6),
      config: project.config,
      productionDocuments,
      alertsInGit: inGit,
      ...(emptinessTable === undefined ? {} : { emptinessTable }),
      ...(load === undefined ? {} : { load }),
    },
    settled: async () => settled?.(),
    close: async () => {
      record.close()
      await close()
    },
  }
}

async function installedK6(options: InstallOptions): Promise<ComponentFact> {
  const [k6] = await installComponents(loadComponents, options)
  if (k6 === undefined) throw new Error('expected k6 to be installed, seen: nothing')
  const { name, version, provenance, location } = k6
  return { name, version, provenance, location }
}

const withComponent = (environment: RunningEnvironment, component: ComponentFact): RunningEnvironment => ({
  ...environment,
  components: [...environment.components, component],
})

/** A folder that is named twice holds the newest run only; what is not a run's own is left alone. */
function startRunFolder(folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (const name of [
    'record.jsonl',
    'result.json',
    'load.json',
    'panels.json',
    'junit.xml',
    'panels.json',
    'report.html',
    'evidence',
    'environment',
    'k6',
  ])
    rmSync(join(folder, name), { recursive: true, force: true })
}
