import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { readRunOptions } from '../claims/run-options.ts'
import { findProjectRoot, loadConfig } from '../config/load-config.ts'
import { describeThrown, SignalproofError } from '../core/signalproof-error.ts'
import { type ClaimsRunFlags, runClaims, variablesOf } from './claims-run.ts'
import { addRunOptions } from './run-flags.ts'

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

interface VerifyFlags extends ClaimsRunFlags {
  readonly claim?: string
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
  process.exitCode = await runClaims({
    root,
    environment,
    filters,
    pattern: flags.claim,
    asJson: flags.json === true,
  })
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
  const scenarios = join(root, 'scenarios')
  const known = readdirSync(scenarios, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() && readdirSync(join(scenarios, entry.name)).some(isAlwaysJudged) ? [entry.name] : [],
  )
  if (known.includes(layer)) return `scenarios/${layer}/`
  throw new SignalproofError('USAGE_UNKNOWN_NAME', {
    expected: `a layer: ${known.join(', ')}`,
    seen: layer,
    remedy: existsSync(join(scenarios, layer))
      ? 'name one of these, or none to prove all of them; claims about a load are judged by `signalproof load`'
      : 'name one of these, or none to prove all of them',
  })
}

/** Claims about a load exist only where one is asked for. */
const isAlwaysJudged = (file: string): boolean =>
  file.endsWith('.test.ts') && !/\.load(\.cluster)?\.test\.ts$/.test(file)
