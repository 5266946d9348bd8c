/**
 * `npm run bench`: the numbers that the design promises, measured in one run. It marks goals as met or missed and never
 * fails on a number; it fails where nothing could be measured. The tables are on standard output, a part as soon as it
 * is measured, progress on standard error.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { exitStatus } from '../../harness/core/error-codes.ts'
import { exitStatusOf, SignalproofError } from '../../harness/core/signalproof-error.ts'
import { prepareCommands } from '../../harness/environments/process/process-commands.ts'
import { showProgress } from '../../harness/report/progress.ts'
import { writeCluster } from './cluster-text.ts'
import { measureDetection } from './detection.ts'
import { writeDetection } from './detection-text.ts'
import { measureKept, requireNoneKept } from './kept-environment.ts'
import { writeKept } from './kept-text.ts'
import { measureLoad } from './load-pairs.ts'
import { writeLoad } from './load-text.ts'
import { describeMachine, writeMachine } from './machine.ts'
import { measureReport } from './report-page.ts'
import { writeReportCost } from './report-text.ts'
import { CommandFailed, root } from './signalproof-command.ts'
import { measureVerify, type VerifyMeasurement } from './verify-runs.ts'
import { writeVerifyHops, writeVerifyRuns } from './verify-text.ts'

interface BenchOptions {
  readonly runs: number
  readonly trials: number
  readonly json?: string
}

const interruption = new AbortController()
// Again and again is no reason to leave something behind: every end that is waited for here has its own limit.
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => interruption.abort(new DOMException(`interrupted by ${name}`, 'AbortError')))
}

const program = new Command('bench')
  .description('Measures verify, detection, memory and a kept environment against the goals of the design.')
  .option('--runs <n>', 'how often the whole of verify is run', count, 3)
  .option(
    '--trials <n>',
    'how often an alert is followed from its error to its resolved notification',
    count,
    24,
  )
  .option('--json <file>', 'write all that was measured to this file too')
  .exitOverride()
  .action(bench)
program
  .command('k3s')
  .description('Measures a cluster: its start by phase and by pod, and verify on it.')
  .option('--json <file>', 'write all that was measured to this file too')
  .exitOverride()
  .action((_, command: Command) => benchCluster(command.optsWithGlobals()))
program
  .command('load')
  .description('Measures what the harness costs the load generator, against plain k6.')
  .option('--pairs <n>', 'how often the two are measured one after the other', count, 6)
  .option('--seconds <n>', 'how long each is measured', count, 15)
  .option('--vus <n>', 'virtual users: enough that the processors are busy', count, 20)
  .option('--json <file>', 'write all that was measured to this file too')
  .exitOverride()
  .action((_, command: Command) => benchLoad(command.optsWithGlobals()))

program
  .command('report')
  .description('Measures what writing and opening report.html takes.')
  .option('--times <n>', 'how often each is measured', count, 5)
  .option('--json <file>', 'write all that was measured to this file too')
  .exitOverride()
  .action((_, command: Command) => benchReport(command.optsWithGlobals()))

async function bench({ runs, trials, json }: BenchOptions): Promise<void> {
  const { signal } = interruption
  const loadBefore = loadavg()
  const startedAt = new Date().toISOString()
  await requireNoneKept()
  progress('finding the binaries')
  const installing = showProgress(process.stderr)
  await prepareCommands(root, { signal, progress: installing.onInstall })
  installing.end('')
  const folder = mkdtempSync(join(tmpdir(), 'signalproof-bench-'))
  try {
    const verify: VerifyMeasurement[] = []
    for (let run = 1; run <= runs; run += 1) {
      progress(`verify: run ${run} of ${runs}`)
      verify.push(await measureVerify([], join(folder, `verify-${run}`), signal))
    }
    print(writeVerifyRuns(verify))
    print(writeVerifyHops(verify))
    const detection = await measureDetection(trials, { folder, signal, progress })
    print(writeDetection(detection))
    const kept = await measureKept({ folder: join(folder, 'kept'), signal, progress })
    print(writeKept(kept))
    const machine = describeMachine(loadBefore)
    print(writeMachine(machine))
    if (json !== undefined)
      writeFileSync(
        json,
        `${JSON.stringify({ schemaVersion: 1, startedAt, machine, verify, detection, kept }, null, 2)}\n`,
      )
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  }
}

async function benchCluster({ json }: Pick<BenchOptions, 'json'>): Promise<void> {
  const loadBefore = loadavg()
  const startedAt = new Date().toISOString()
  const folder = mkdtempSync(join(tmpdir(), 'signalproof-bench-'))
  try {
    // What speaks to Docker and Kubernetes is loaded for those who ask for it.
    const { measureCluster } = await import('./cluster.ts')
    const cluster = await measureCluster({ folder, signal: interruption.signal, progress })
    print(writeCluster(cluster))
    const machine = describeMachine(loadBefore)
    print(writeMachine(machine))
    if (json !== undefined)
      writeFileSync(json, `${JSON.stringify({ schemaVersion: 1, startedAt, machine, cluster }, null, 2)}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  }
}

interface LoadOptions extends Pick<BenchOptions, 'json'> {
  readonly pairs: number
  readonly seconds: number
  readonly vus: number
}

async function benchLoad({ pairs, seconds, vus: virtualUsers, json }: LoadOptions): Promise<void> {
  const loadBefore = loadavg()
  const startedAt = new Date().toISOString()
  const folder = mkdtempSync(join(tmpdir(), 'signalproof-bench-'))
  try {
    const { signal } = interruption
    const load = await measureLoad({ pairs, seconds, virtualUsers, folder, signal, progress })
    print(writeLoad(load))
    const machine = describeMachine(loadBefore)
    print(writeMachine(machine))
    if (json !== undefined)
      writeFileSync(json, `${JSON.stringify({ schemaVersion: 1, startedAt, machine, load }, null, 2)}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  }
}

async function benchReport({ times, json }: Pick<BenchOptions, 'json'> & { times: number }): Promise<void> {
  const loadBefore = loadavg()
  const startedAt = new Date().toISOString()
  const folder = mkdtempSync(join(tmpdir(), 'signalproof-bench-'))
  try {
    const report = await measureReport(times, { folder, signal: interruption.signal, progress })
    print(writeReportCost(report))
    const machine = describeMachine(loadBefore)
    print(writeMachine(machine))
    if (json !== undefined)
      writeFileSync(json, `${JSON.stringify({ schemaVersion: 1, startedAt, machine, report }, null, 2)}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function count(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('expected a whole number from 1 to 9999')
}

const print = (text: string): void => void process.stdout.write(`${text}\n`)
const progress = (text: string): void => void process.stderr.write(`bench: ${text}\n`)

try {
  await program.parseAsync()
} catch (thrown) {
  process.exitCode = explain(thrown)
}

function explain(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : exitStatus.usage
  if (interruption.signal.aborted) return exitStatus.interrupted
  const isForReaders = thrown instanceof SignalproofError || thrown instanceof CommandFailed
  const details =
    thrown instanceof Error
      ? isForReaders
        ? thrown.message
        : (thrown.stack ?? thrown.message)
      : String(thrown)
  process.stderr.write(`${details}\n`)
  return exitStatusOf(thrown)
}
