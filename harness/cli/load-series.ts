import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { findProjectRoot } from '../config/load-config.ts'
import { exitStatus } from '../core/error-codes.ts'
import { newRunId } from '../core/run-id.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { type Limit, searchLimit } from '../load/find-limit/search-limit.ts'
import { type JudgedLoad, trialOf } from '../load/find-limit/trial-of.ts'
import { writeAttempt, writeLimit } from '../load/find-limit/write-limit.ts'
import { seenOf } from '../load/seen-of.ts'
import { abortOnSignals } from './interruption.ts'
import { makeSeriesRun, type SeriesRun } from './series-run.ts'

/**
 * Series of runs of load: repeats, whose differences are the noise, and the search for the highest rate that keeps the
 * objectives. Each run is a whole one with its own folder and verdict; the first proves the signals, and the others
 * accept that proof, since their configuration has its digest.
 */

export interface SeriesFlags {
  readonly repeat?: number
  readonly findLimit?: boolean
  readonly resolution: number
  readonly mostRuns: number
  /** Requests a second: the rate that a search begins at. */
  readonly rate?: number | string
  readonly highestRate: number
  readonly out?: string
  readonly json?: boolean
}

/** @param command `load`, with all of its own options */
export function addSeriesOptions(command: Command): Command {
  return command
    .option('--repeat <n>', 'make the run n times: `compare` takes the noise from repeats', atLeast(2))
    .option('--find-limit', 'search for the highest rate that keeps the objectives, from --rate on')
    .option('--resolution <percent>', 'with --find-limit: how near its two ends have to be', atLeast(1), 10)
    .option('--highest-rate <n>', 'with --find-limit: rates above are not tried', atLeast(1), 5000)
    .option('--most-runs <n>', 'with --find-limit: how many runs may be made', atLeast(2), 16)
}

export const asksForSeries = ({ repeat, findLimit }: Partial<SeriesFlags>): boolean =>
  repeat !== undefined || findLimit === true

/**
 * Makes the series and answers with the exit status.
 * @param makeRun stands for the command of one run, in tests
 * @throws SignalproofError USAGE_BAD_VALUE, CLAIM_BROKEN, LOAD_INVALID
 */
export async function runLoadSeries(
  flags: SeriesFlags,
  commandLine: readonly string[] = process.argv.slice(2),
  makeRun: typeof makeSeriesRun = makeSeriesRun,
): Promise<number> {
  if (flags.repeat !== undefined && flags.findLimit === true) throw bothAsked()
  const root = findProjectRoot(process.cwd())
  const folder = flags.out === undefined ? join(root, '.signalproof', 'runs', newRunId()) : resolve(flags.out)
  mkdirSync(folder, { recursive: true })
  const { signal } = abortOnSignals()
  let made = 0
  const run = async (more: readonly string[]): Promise<SeriesRun> => {
    made += 1
    const args = [...argumentsOfOneRun(commandLine), ...more]
    return await makeRun({ args, folder: join(folder, String(made)), signal })
  }
  return flags.findLimit === true
    ? await findLimit({ flags, folder, run })
    : await repeat({ flags, folder, run })
}

interface Series {
  readonly flags: SeriesFlags
  readonly folder: string
  readonly run: (more: readonly string[]) => Promise<SeriesRun>
}

async function repeat({ flags, folder, run }: Series): Promise<number> {
  const { repeat: wanted = 2, json } = flags
  const statuses: number[] = []
  let valid = 0
  for (let index = 1; index <= wanted; index += 1) {
    say(`run ${index} of ${wanted}`)
    const one = await run([])
    statuses.push(one.status)
    const { result } = one
    if (result === undefined || !result.wasLoaded) {
      tell(one)
      say('a run without a load says nothing, so no more are made')
      break
    }
    if (result.verdict !== 'invalid') valid += 1
    say(`run ${index}: ${result.verdict}${explain(result)}`)
  }
  const place = relative(process.cwd(), folder) || '.'
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ schemaVersion: 1, folder, statuses, valid }, null, 2)}\n`
      : `${valid} of ${wanted} runs are valid; they are kept in ${place}\n\`signalproof compare ${place} OTHER\` compares them with another series\n`,
  )
  return Math.max(...statuses)
}

function explain({ verdict, firstBroken, invalidBecause, claims }: JudgedLoad): string {
  if (verdict === 'proven') return ''
  if (verdict === 'invalid') return `: ${seenOf(invalidBecause)}`
  return `: ${firstBroken}: ${seenOf(claims.find(({ id }) => id === firstBroken)?.reason)}`
}

async function findLimit({ flags, folder, run }: Series): Promise<number> {
  const { json, rate = 50, resolution, highestRate, mostRuns } = flags
  const limit = await searchLimit({
    startRate: Number(rate),
    highestRate,
    resolution: resolution / 100,
    mostRuns,
    attempt: async (ratePerSecond) => {
      say(`trying ${ratePerSecond}/s`)
      const one = await run(['--rate', String(ratePerSecond)])
      if (one.result === undefined || !one.result.wasLoaded) tell(one)
      if (one.result === undefined) throw noResult(ratePerSecond, one.status)
      const trial = trialOf(one.result, ratePerSecond)
      process.stderr.write(`${writeAttempt({ ratePerSecond, trial })}\n`)
      return trial
    },
  })
  const kept = { schemaVersion: 1, folder, ...limit }
  writeFileSync(join(folder, 'limit.json'), `${JSON.stringify(kept, null, 2)}\n`)
  process.stdout.write(
    json === true
      ? `${JSON.stringify(kept, null, 2)}\n`
      : `${writeLimit(limit, process.stdout.columns ?? 80)}runs: ${relative(process.cwd(), folder) || '.'}\n`,
  )
  return statusOf(limit)
}

/** A limit that is known from one side is one; a rate that keeps nothing is the system's failure. */
function statusOf({ kind }: Limit): number {
  if (kind === 'below') return exitStatus.stack
  return kind === 'unsure' ? exitStatus.environment : exitStatus.proven
}

const ofTheSeries = {
  valued: ['--repeat', '--resolution', '--highest-rate', '--most-runs', '--out'],
  plain: ['--find-limit', '--json'],
}

/** The command line of one run: that of the series without what only the series reads. A later --rate wins. */
export function argumentsOfOneRun(args: readonly string[]): string[] {
  return args.filter((word, index) => {
    const [name = ''] = word.split('=')
    if (ofTheSeries.plain.includes(word) || ofTheSeries.valued.includes(name)) return false
    return !ofTheSeries.valued.includes(args[index - 1] ?? '')
  })
}

const atLeast =
  (least: number) =>
  (text: string): number => {
    if (/^\d{1,6}$/.test(text) && Number(text) >= least) return Number(text)
    throw new InvalidArgumentError(`expected a whole number from ${least} on`)
  }

/** What a run said that was not seen while it was made. */
const tell = ({ said }: SeriesRun): void =>
  void process.stderr.write(said.endsWith('\n') ? said : `${said}\n`)

const say = (text: string): void => void process.stderr.write(`load: ${text}\n`)

const bothAsked = (): SignalproofError =>
  new SignalproofError('USAGE_BAD_VALUE', {
    expected: '--repeat or --find-limit',
    seen: 'both',
    where: '--repeat --find-limit',
    remedy: 'find the limit first, then repeat the run at it',
  })

/** A command line that no run takes is wrong for the series, too. */
const noResult = (ratePerSecond: number, status: number): SignalproofError =>
  new SignalproofError(status === exitStatus.usage ? 'USAGE_BAD_VALUE' : 'LOAD_INVALID', {
    expected: `a run at ${ratePerSecond}/s`,
    seen: `none was made: its command ended with ${status}, and said why above`,
    remedy: 'correct what it said, then search again',
  })
