import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { epochMs } from '../../core/clock.ts'
import type { GeneratorFigures, LoadRoute } from '../load-figures.ts'
import { freePort } from './free-port.ts'
import { generatorFigures } from './generator-figures.ts'
import { type GeneratorEnd, runGenerator } from './generator-process.ts'
import { readFiguresFile } from './k6-figures-file.ts'
import { LogReader } from './k6-log.ts'
import { type LoadProgress, reportProgress } from './k6-progress.ts'

/** One run of k6. */
export interface K6Request {
  /** The whole path of a script, as workloadScript finds it. */
  readonly script: string
  readonly routes: readonly LoadRoute[]
  /** The ingress, and the host by which it finds the apps. */
  readonly url: string
  readonly host: string
  /** The highest rate, requests a second over all routes. */
  readonly ratePerSecond: number
  readonly durationMs: number
  /** How many requests may wait for their answers at once; what that makes impossible is dropped. */
  readonly maxVirtualUsers?: number | undefined
  readonly runId: string
  /** Takes k6.log and k6-figures.json. */
  readonly folder: string
  readonly k6Path: string
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined
  /** Seconds of CPU that each part of the system has used since its begin, where the environment can say it. */
  readonly systemCpuSeconds?: (() => Promise<Readonly<Record<string, number>>>) | undefined
}

/** k6 waits for the last answers (gracefulStop in load/lib/shape.ts), and starts slowly on a busy machine. */
const longerThanWorkloadMs = 90_000

/**
 * Runs a workload through k6 and hands back what it saw. However k6 ends, there are figures: `invalidBecause` says why
 * nothing may be concluded from them.
 * @throws the signal's reason, after k6 has ended
 */
export async function runK6(request: K6Request): Promise<GeneratorFigures> {
  const { folder, signal, durationMs, onProgress } = request
  await mkdir(folder, { recursive: true })
  const files = { figures: join(folder, 'k6-figures.json'), log: join(folder, 'k6.log') }
  for (const file of Object.values(files)) await rm(file, { force: true })
  const address = `127.0.0.1:${await freePort()}`
  const log = new LogReader()
  const limitMs = durationMs + longerThanWorkloadMs
  const limit = AbortSignal.timeout(limitMs)
  const ended = new AbortController()
  const systemBefore = await request.systemCpuSeconds?.()
  const startedAt = epochMs()
  const progress =
    onProgress === undefined ? undefined : reportProgress(`http://${address}`, onProgress, ended.signal)
  const end = await runGenerator({
    program: request.k6Path,
    args: k6Arguments(request.script, address),
    cwd: folder,
    environment: environmentOf(request, files.figures),
    logFile: files.log,
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    onLine: (line) => log.read(line),
  })
    .catch((thrown): GeneratorEnd => {
      if (signal?.aborted === true || !limit.aborted) throw thrown
      return { exitCode: 128, cpu: { seconds: 0, waitedSeconds: null } }
    })
    .finally(() => ended.abort())
  const window = { startedAt, endedAt: epochMs() }
  await progress
  const systemAfter = await request.systemCpuSeconds?.()
  const figures = await readFiguresFile(files.figures)
  return generatorFigures({
    window,
    exitCode: end.exitCode,
    log: log.findings,
    figures,
    cpu: end.cpu,
    endedAfterMs: limit.aborted ? limitMs : null,
    systemBefore,
    systemAfter,
  })
}

const k6Arguments = (script: string, address: string): string[] => [
  'run',
  '--quiet',
  '--no-color',
  '--no-usage-report',
  '--log-format=json',
  `--address=${address}`,
  script,
]

/** The user's own k6 settings are not the workload's, so neither its variables nor its configuration file are there. */
function environmentOf(request: K6Request, figuresFile: string): NodeJS.ProcessEnv {
  const { maxVirtualUsers } = request
  return {
    PATH: process.env.PATH,
    HOME: request.folder,
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
    LOAD_URL: request.url,
    LOAD_HOST: request.host,
    LOAD_RATE: String(request.ratePerSecond),
    LOAD_DURATION_SECONDS: String(request.durationMs / 1000),
    LOAD_ROUTES: JSON.stringify(request.routes),
    LOAD_RUN_ID: request.runId,
    LOAD_SUMMARY: figuresFile,
    ...(maxVirtualUsers === undefined ? {} : { LOAD_MAX_VUS: String(maxVirtualUsers) }),
  }
}
