import type { Command } from 'commander'
import { askedObjectives } from '../claims/load-objectives.ts'
import { readRunOptions } from '../claims/run-options.ts'
import { findProjectRoot, loadConfig } from '../config/load-config.ts'
import { newRunId } from '../core/run-id.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { renderForms, renderLoad } from '../load/kubernetes/render-load.ts'
import { workloadNames } from '../load/load-figures.ts'
import {
  type AskedLoad,
  type GeneratorForm,
  generatorForms,
  loadRequest,
  loadVariable,
} from '../load/load-request.ts'
import { unprovenSignals } from '../report/load-text.ts'
import { type ClaimsRunFlags, runClaims, variablesOf } from './claims-run.ts'
import { addSeriesOptions, asksForSeries, runLoadSeries, type SeriesFlags } from './load-series.ts'
import { addRunOptions } from './run-flags.ts'

/**
 * Adds `load`: proves the signals that it rests on, puts a load on the stack, and judges accounts and objectives. It is a run
 * of claims like `verify`, with its files, verdicts and exit codes.
 */
export function addLoadCommand(program: Command): void {
  const collect = (value: string, before: readonly string[]) => [...before, value]
  const command = program
    .command('load')
    .description('prove the signals, put a load on the stack, and judge its accounts and objectives')
    .option('--workload <name>', `${workloadNames.join(', ')}, or the path of a k6 script`, 'steady')
    .option('--rate <n>', 'the highest rate of the workload, requests a second over all routes', '50')
    .option('--for <duration>', 'how long it lasts, such as 2m', '30s')
    .option('--slo <file>', 'a file of objectives; repeatable; without it all of load/slo/', collect, [])
    .option(
      '--fault <[app:]kind=value@share>',
      'make a share of answers late or fail: latency=300ms@20%, status=500@16%; repeatable',
      collect,
      [],
    )
    .option('--unproven', 'do not ask whether the signals are true; every output says so')
    .option('--out <folder>', "the run's folder; below .signalproof/runs when not named")
    .option('--keep', 'keep the environment afterwards, for the next run')
    .option('--json', 'print result.json on standard output')
    .option(
      '--render <form>',
      `print the load as objects of a cluster and run nothing: ${renderForms.join(', ')}`,
    )
    .option(
      '--as <form>',
      `who sends it: ${generatorForms.join(', ')} (the last two inside the cluster of --env k3s)`,
      'process',
    )
    .option('--parallelism <n>', 'of a testrun: how many runners share the rate')
  addSeriesOptions(addRunOptions(command)).action(load)
}

interface LoadFlags extends ClaimsRunFlags, SeriesFlags {
  readonly workload: string
  readonly rate: string
  readonly for: string
  readonly slo: readonly string[]
  readonly fault: readonly string[]
  readonly unproven?: boolean
  readonly render?: string
  readonly as: string
  readonly parallelism?: string
}

async function load(flags: LoadFlags): Promise<void> {
  const root = findProjectRoot(process.cwd())
  const { workload, rate, slo, fault, unproven = false } = flags
  const asked: AskedLoad = {
    workload,
    rate,
    for: flags.for,
    slo: [...slo],
    fault: [...fault],
    unproven,
    as: generatorForm(flags.as),
    // What is only printed has its own form.
    ...(flags.parallelism === undefined || flags.render !== undefined
      ? {}
      : { parallelism: Number(flags.parallelism) }),
  }
  Object.assign(process.env, variablesOf(flags), { [loadVariable]: JSON.stringify(asked) })
  const { environment } = readRunOptions(process.env)
  if (environment === 'cluster') throw notThere()
  if (asked.as !== 'process' && environment !== 'k3s') throw noCluster(flags.as)
  // What is wrong with the request is said before anything is installed or started.
  const project = await loadConfig(root)
  const request = loadRequest(asked, project)
  askedObjectives(request.slo)
  if (flags.render !== undefined) {
    const { script, ratePerSecond, durationMs } = request
    const parallelism = flags.parallelism === undefined ? undefined : Number(flags.parallelism)
    const as = renderForm(flags.render)
    const runId = newRunId()
    process.stdout.write(renderLoad({ as, project, script, ratePerSecond, durationMs, parallelism, runId }))
    return
  }
  if (asksForSeries(flags)) {
    process.exitCode = await runLoadSeries(flags)
    return
  }
  if (unproven) process.stderr.write(`${unprovenSignals}\n`)
  process.exitCode = await runClaims({
    root,
    environment,
    filters: ['scenarios/load/', 'scenarios/slo/'],
    asJson: flags.json === true,
  })
}

function renderForm(text: string): (typeof renderForms)[number] {
  const form = renderForms.find((known) => known === text)
  if (form !== undefined) return form
  throw new SignalproofError('USAGE_BAD_VALUE', {
    expected: `a form: ${renderForms.join(' or ')}`,
    seen: text,
    where: '--render',
    remedy: 'name one of these',
  })
}

function generatorForm(text: string): GeneratorForm {
  const form = generatorForms.find((known) => known === text)
  if (form !== undefined) return form
  throw new SignalproofError('USAGE_BAD_VALUE', {
    expected: generatorForms.join(', '),
    seen: text,
    where: '--as',
    remedy: 'name one of these',
  })
}

const noCluster = (form: string): SignalproofError =>
  new SignalproofError('USAGE_BAD_VALUE', {
    expected: '--env k3s: pods make the load inside a cluster',
    seen: `--as ${form} on processes`,
    where: '--as',
    remedy: 'add --env k3s, or leave --as out',
  })

const notThere = (): SignalproofError =>
  new SignalproofError('USAGE_BAD_VALUE', {
    expected: '--env process or k3s: a load is put on a stack that nobody else uses',
    seen: 'cluster',
    where: '--env',
    remedy: '`signalproof load --render job` prints the load as a Job for a cluster of your own',
  })
