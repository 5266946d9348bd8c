import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { createVitest } from 'vitest/node'
import { optionVariables, readRunOptions } from '../claims/run-options.ts'
import { findProjectRoot, loadConfig } from '../config/load-config.ts'
import { exitStatus } from '../core/error-codes.ts'
import { describeThrown, SignalproofError } from '../core/signalproof-error.ts'
import { showProgress } from '../report/progress.ts'
import { exitStatusOfVerdict } from '../report/run-result.ts'
import { scenarioProject } from '../scenario-project.ts'
import { SignalproofReporter } from '../vitest-reporter.ts'
import { abortOnSignals } from './interruption.ts'
import { addRunOptions, type RunFlags } from './run-flags.ts'

/** Adds `verify [layer...]`: proves the layers, writes the run's files and ends with the run's verdict. */
export function addVerifyCommand(program: Command): void {
  const command = program
    .command('verify')
    .argument('[layer...]', 'layers to prove, with all they need; without one, every layer')
    .description('break one thing on purpose, follow it to the delivered and resolved notification')
    .option('--out <folder>', "the run's folder; below .signalproof/runs when not named")
    .option('--claim <pattern>', 'only claims whose `id: title` matches, with all they need')
    .option('--keep', 'keep the environment afterwards, for the next run')
    .option('--json', 'print result.json on standard output')
    .option(
      '--context <name>',
      'with --env cluster: a context of the kubeconfig, instead of the configured one',
    )
    .option('--plan', 'with --env cluster: say what would be checked, asked and changed, and do none of it')
  addRunOptions(command).action(verify)
}

interface VerifyFlags extends RunFlags {
  readonly out?: string
  readonly claim?: string
  readonly json?: boolean
  readonly keep?: boolean
  readonly context?: string
  readonly plan?: boolean
}

async function verify(layers: readonly string[], flags: VerifyFlags): Promise<void> {
  const root = findProjectRoot(process.cwd())
  const filters = layers.map((layer) => scenarioFolder(root, layer))
  requirePattern(flags.claim)
  Object.assign(process.env, variablesOf(flags))
  const { environment } = readRunOptions(process.env)
  requireCluster(environment, flags)
  if (flags.plan === true) return await printPlan(layers, flags)
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
      ...(flags.claim === undefined ? {} : { testNamePattern: flags.claim }),
    },
    // Vite's own log would stand between the lines of the run.
    { logLevel: 'silent', clearScreen: false },
  )
  interruption.onlyOurs()
  interruption.signal.addEventListener('abort', () => void vitest.cancelCurrentRun('keyboard-input'))
  try {
    await vitest.start(filters)
  } catch (thrown) {
    // Why no run could be opened is told below, in words for the reader.
    if (reporter.openFailure === undefined && !interruption.signal.aborted) throw thrown
  } finally {
    await vitest.close()
  }
  progress.end('')
  process.exitCode = statusOf(reporter, interruption.signal)
  if (flags.json === true && reporter.result !== undefined)
    process.stdout.write(`${JSON.stringify(reporter.result, null, 2)}\n`)
}

async function printPlan(layers: readonly string[], flags: VerifyFlags): Promise<void> {
  const [{ planCluster }, { reportPlan }, { writeClusterPlan }] = await Promise.all([
    import('../environments/cluster/cluster-plan.ts'),
    import('./verify-plan.ts'),
    import('../report/cluster-plan-text.ts'),
  ])
  const project = await loadConfig()
  const report = reportPlan({
    project,
    plan: planCluster(project),
    context: flags.context,
    layers,
    pattern: flags.claim,
  })
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify(report, null, 2)}\n`
      : writeClusterPlan(report, process.stdout.columns ?? 80),
  )
}

function requireCluster(environment: string, { plan, context }: VerifyFlags): void {
  if (environment === 'cluster' || (plan !== true && context === undefined)) return
  throw new SignalproofError('USAGE_BAD_VALUE', {
    expected: '--env cluster: elsewhere the stack is ours, and there is nothing to ask leave for',
    seen: environment,
    where: plan === true ? '--plan' : `--context ${context}`,
    remedy: 'add --env cluster, or leave it out',
  })
}

function statusOf(reporter: SignalproofReporter, signal: AbortSignal): number {
  if (signal.aborted) return exitStatus.interrupted
  if (reporter.openFailure !== undefined) throw reporter.openFailure
  return reporter.result === undefined ? exitStatus.environment : exitStatusOfVerdict[reporter.result.verdict]
}

function requirePattern(pattern: string | undefined): void {
  try {
    new RegExp(pattern ?? '')
  } catch (cause) {
    throw new SignalproofError('USAGE_BAD_VALUE', {
      expected: 'a regular expression',
      seen: describeThrown(cause),
      where: `--claim ${pattern}`,
      remedy: 'escape what is meant as it stands; a claim is called by its id, such as logs.stored',
      cause,
    })
  }
}

function scenarioFolder(root: string, layer: string): string {
  const known = readdirSync(join(root, 'scenarios'), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() && entry.name !== 'stories' ? [entry.name] : [],
  )
  if (known.includes(layer)) return `scenarios/${layer}/`
  throw new SignalproofError('USAGE_UNKNOWN_NAME', {
    expected: `a layer: ${known.join(', ')}`,
    seen: layer,
    remedy: 'name one of these, or none to prove all of them',
  })
}

function variablesOf(flags: VerifyFlags): Record<string, string> {
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
