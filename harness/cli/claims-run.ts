import { createVitest } from 'vitest/node'
import { optionVariables } from '../claims/run-options.ts'
import { exitStatus } from '../core/error-codes.ts'
import type { EnvironmentKind } from '../environments/contract.ts'
import { showProgress } from '../report/progress.ts'
import { exitStatusOfVerdict } from '../report/run-result.ts'
import { scenarioProject } from '../scenario-project.ts'
import { SignalproofReporter } from '../vitest-reporter.ts'
import { abortOnSignals } from './interruption.ts'
import type { RunFlags } from './run-flags.ts'

/** What every command that judges claims can be told about its run. */
export interface ClaimsRunFlags extends RunFlags {
  readonly out?: string
  readonly json?: boolean
  readonly keep?: boolean
  readonly context?: string
}

export interface ClaimsRun {
  readonly root: string
  readonly environment: EnvironmentKind
  /** Folders of scenarios; all of them when there is none. */
  readonly filters: readonly string[]
  /** Matched against `id: title`. */
  readonly pattern?: string | undefined
  readonly asJson: boolean
}

/** The flags as the run reads them, in this process' own environment. */
export function variablesOf(flags: ClaimsRunFlags): Record<string, string> {
  return {
    [optionVariables.profile]: flags.profile,
    [optionVariables.environment]: flags.env,
    [optionVariables.set]: JSON.stringify(flags.set),
    [optionVariables.startedAt]: String(performance.timeOrigin),
    ...(flags.keep === true ? { [optionVariables.keep]: '1' } : {}),
    ...(flags.out === undefined ? {} : { [optionVariables.out]: flags.out }),
    ...(flags.context === undefined ? {} : { [optionVariables.context]: flags.context }),
  }
}

/**
 * Judges claims through Vitest, with live progress on standard error, and answers with the exit status of the verdict.
 * @throws SignalproofError why no run could be opened
 */
export async function runClaims({ root, environment, filters, pattern, asJson }: ClaimsRun): Promise<number> {
  const interruption = abortOnSignals()
  const progress = showProgress(process.stderr)
  const reporter = new SignalproofReporter({
    onEntry: progress.onEntry,
    onInstall: progress.onInstall,
    print: (text) => progress.end(text),
    signal: interruption.signal,
  })
  const vitest = await createVitest(
    'test',
    {
      root,
      config: false,
      run: true,
      watch: false,
      passWithNoTests: false,
      reporters: [reporter],
      projects: [scenarioProject(environment)],
      ...(pattern === undefined ? {} : { testNamePattern: pattern }),
    },
    // Vite's own log would stand between the lines of the run.
    { logLevel: 'silent', clearScreen: false },
  )
  interruption.onlyOurs()
  interruption.signal.addEventListener('abort', () => void vitest.cancelCurrentRun('keyboard-input'))
  try {
    await vitest.start([...filters])
  } catch (thrown) {
    // Why no run could be opened is told below, in words for the reader.
    if (reporter.openFailure === undefined && !interruption.signal.aborted) throw thrown
  } finally {
    await vitest.close()
  }
  progress.end('')
  const status = statusOf(reporter, interruption.signal)
  if (asJson && reporter.result !== undefined)
    process.stdout.write(`${JSON.stringify(reporter.result, null, 2)}\n`)
  return status
}

function statusOf(reporter: SignalproofReporter, signal: AbortSignal): number {
  if (signal.aborted) return exitStatus.interrupted
  if (reporter.openFailure !== undefined) throw reporter.openFailure
  return reporter.result === undefined ? exitStatus.environment : exitStatusOfVerdict[reporter.result.verdict]
}
