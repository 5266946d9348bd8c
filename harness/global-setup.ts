import type { TestProject } from 'vitest/node'
import { openRun } from './claims/open-run.ts'
import type { RunSeed } from './claims/run.ts'
import { optionVariables, readRunOptions } from './claims/run-options.ts'
import type { Selection } from './claims/worker-run.ts'
import { loadConfig } from './config/load-config.ts'
import { exitStatusOf } from './core/signalproof-error.ts'
import { homeOf } from './environments/homes.ts'
import { hostOf } from './vitest-reporter.ts'

declare module 'vitest' {
  interface ProvidedContext {
    signalproof: RunSeed
    signalproofSelection: Selection
  }
}

/** Opens the run once, outside the workers, and hands them plain data; ends what it started when Vitest closes. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const host = hostOf(project.vitest)
  try {
    const loaded = await loadConfig(project.config.root)
    // Where the stack runs is the project's name: `--project k3s` says as much as the variable.
    const options = readRunOptions({ ...process.env, [optionVariables.environment]: project.name })
    const run = await openRun({
      home: await homeOf(options.environment),
      project: loaded,
      options,
      signal: host.signal,
      progress: host.onInstall,
    })
    host.opened(run)
    project.provide('signalproof', run.seed)
    return () => run.close()
  } catch (thrown) {
    host.failedToOpen(thrown)
    process.exitCode = exitStatusOf(thrown)
    throw thrown
  }
}
