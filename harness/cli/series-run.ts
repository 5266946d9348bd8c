import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { z } from 'zod'
import { exitStatus } from '../core/error-codes.ts'
import type { JudgedLoad } from '../load/find-limit/trial-of.ts'

/** One run of a series: an ordinary `signalproof load` in a process of its own, with its own folder. */

const resultSchema = z.object({
  verdict: z.enum(['proven', 'broken', 'invalid']),
  firstBroken: z.string().nullable(),
  invalidBecause: z.string().optional(),
  claims: z.array(z.object({ id: z.string(), verdict: z.string(), reason: z.string().optional() })),
  load: z
    .object({ generator: z.object({ invalidBecause: z.string().nullable() }) })
    .partial()
    .optional(),
})

/** A run that was made; `result` is undefined where the command ended before there was one, and `said` says why. */
export interface SeriesRun {
  readonly status: number
  readonly result: JudgedLoad | undefined
  /** Standard error, which lies in the file beside the run's folder too. */
  readonly said: string
}

export interface SeriesRunRequest {
  /** The command's arguments, `load` first. */
  readonly args: readonly string[]
  readonly folder: string
  readonly signal: AbortSignal
  /** The command line's main file: this program's own where nothing else is said. */
  readonly program?: string
}

const ownExtension = extname(fileURLToPath(import.meta.url))
const beside = (name: string): string => fileURLToPath(new URL(`./${name}${ownExtension}`, import.meta.url))

/** @throws the signal's reason, after the run has ended in order */
export async function makeSeriesRun({
  args,
  folder,
  signal,
  program = beside('main'),
}: SeriesRunRequest): Promise<SeriesRun> {
  signal.throwIfAborted()
  const log = `${folder}.log`
  mkdirSync(dirname(log), { recursive: true })
  const { exitCode, stderr } = await execa(
    process.execPath,
    ['--import', beside('end-with-series'), program, ...args, '--out', folder],
    {
      reject: false,
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: ['pipe', { file: log }],
      ipc: true,
      buffer: { stdout: false, stderr: true, ipc: false },
      // A terminal's Ctrl-C reaches the series alone, which passes it on once: the run needs its time to end in order.
      detached: true,
      cancelSignal: signal,
      forceKillAfterDelay: false,
    },
  )
  signal.throwIfAborted()
  return { status: exitCode ?? exitStatus.environment, result: readResult(folder), said: String(stderr) }
}

function readResult(folder: string): JudgedLoad | undefined {
  const file = join(folder, 'result.json')
  if (!existsSync(file)) return undefined
  const { load, ...result } = resultSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  return {
    ...result,
    wasLoaded: load?.generator !== undefined,
    generatorGaveOut: load?.generator?.invalidBecause ?? null,
  }
}
