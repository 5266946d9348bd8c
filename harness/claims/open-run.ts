import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { LoadedConfig } from '../config/load-config.ts'
import { alertsInGit } from '../config/stack-documents.ts'
import { newRunId } from '../core/run-id.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import type { RunningEnvironment } from '../environments/contract.ts'
import { findKeptEnvironment, keepEnvironment } from '../environments/process/kept-environment.ts'
import { prepareCommands } from '../environments/process/process-commands.ts'
import {
  beginProcessEnvironment,
  digestOf,
  renderProductionDocuments,
} from '../environments/process/process-environment.ts'
import type { SupervisorEnd } from '../environments/process/supervisor-channel.ts'
import type { InstallProgress } from '../toolchain/install-progress.ts'
import type { RunSeed } from './run.ts'
import type { RunOptions } from './run-options.ts'
import { RunRecord } from './run-record.ts'

/** A run that has an environment: its own, or a kept one of the same configuration. */
export interface OpenRun {
  readonly seed: RunSeed
  /** Ends what the run started; a kept environment stays. */
  close(): Promise<void>
}

export interface OpenRunParts {
  readonly project: LoadedConfig
  readonly options: RunOptions
  readonly signal?: AbortSignal
  readonly progress?: InstallProgress
}

/**
 * Opens a run: finds or makes the binaries, uses a kept environment of the same digest, or begins to start one. It
 * does not wait for the components; the first claim does.
 * @throws SignalproofError of the toolchain, the rendering or the supervisor
 */
export async function openRun({ project, options, signal, progress }: OpenRunParts): Promise<OpenRun> {
  const runId = newRunId()
  const folder =
    options.out === undefined ? join(project.root, '.signalproof', 'runs', runId) : resolve(options.out)
  const { commands, components } = await prepareCommands(project.root, {
    ...(signal === undefined ? {} : { signal }),
    ...(progress === undefined ? {} : { progress }),
  })
  const request = {
    project,
    profile: options.profile,
    set: options.set,
    commands,
    components,
    startedAt: options.startedAt,
  }
  const common = {
    runId,
    folder,
    config: project.config,
    productionDocuments: renderProductionDocuments(request),
    alertsInGit: alertsInGit(project),
  }
  const digest = digestOf(request)
  const kept = await findKeptEnvironment(project.root)
  if (options.keep && kept.kind === 'running' && kept.state.digest !== digest)
    throw otherIsKept(kept.state.startedAt)
  startRunFolder(folder)
  const record = new RunRecord(folder, runId)
  if (kept.kind === 'running' && kept.state.digest === digest) {
    const { startedAt } = options
    const environment = { ...(kept.state.endpoints as RunningEnvironment), kept: true, startedAt }
    return { seed: { ...common, environment }, close: async () => record.close() }
  }

  // Before the supervisor hears of it: claims that see the stack go down must not take it for a broken one.
  signal?.addEventListener('abort', () =>
    record.write({ kind: 'environment-failed', message: 'the run was interrupted' }),
  )
  const { environment, supervisor } = await beginProcessEnvironment({
    ...request,
    folder: join(folder, 'environment'),
    ...(signal === undefined ? {} : { signal }),
  })
  let closing = false
  void supervisor.ended.then((end) => {
    if (!closing && signal?.aborted !== true)
      record.write({ kind: 'environment-failed', message: describeEnd(end) })
  })
  return {
    seed: { ...common, environment },
    close: async () => {
      closing = true
      record.close()
      if (!options.keep) return await supervisor.stop()
      try {
        await keepEnvironment(project.root, supervisor, { digest, endpoints: environment })
      } catch (thrown) {
        await supervisor.stop()
        throw thrown
      }
    },
  }
}

const otherIsKept = (since: string): SignalproofError =>
  new SignalproofError('ENV_KEPT_RUNNING', {
    expected: 'no other environment to be kept, since this one shall be',
    seen: `one of another configuration, up since ${since}`,
    remedy: '`signalproof down` ends it; or leave --keep out',
  })

const describeEnd = (end: SupervisorEnd): string =>
  end.error === undefined ? 'it ended without being asked to' : end.error.message

/** A folder that is named twice holds the newest run only; what is not a run's own is left alone. */
function startRunFolder(folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (const name of ['record.jsonl', 'result.json', 'junit.xml', 'evidence', 'environment'])
    rmSync(join(folder, name), { recursive: true, force: true })
}
