import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { z } from 'zod'
import { loadConfig } from '../../harness/config/load-config.ts'
import type { RunningEnvironment } from '../../harness/environments/contract.ts'
import { findKeptEnvironment } from '../../harness/environments/process/kept-environment.ts'
import { runK6 } from '../../harness/load/k6/run-k6.ts'
import type { LoadRoute } from '../../harness/load/load-figures.ts'
import { loadRoutes } from '../../harness/load/load-routes.ts'
import { processCpuSeconds } from '../../harness/load/system-cpu.ts'
import { installComponents } from '../../harness/toolchain/install-components.ts'
import { requireNoneKept } from './kept-environment.ts'
import { root, signalproof } from './signalproof-command.ts'

/**
 * What the harness costs the generator: closed-loop throughput under plain k6 and under the harness, which counts every
 * answer by route and status, watches the progress and lets the apps have the processor first.
 */

/** Requests a second of the two sides of one pair, and which of them went first. */
export interface LoadPair {
  readonly first: Side
  readonly plain: number
  readonly harness: number
  /** harness / plain */
  readonly ratio: number
}

export type Side = 'plain' | 'harness'

export interface LoadMeasurement {
  readonly virtualUsers: number
  readonly seconds: number
  readonly pairs: readonly LoadPair[]
}

export interface LoadBenchRequest {
  readonly pairs: number
  readonly seconds: number
  readonly virtualUsers: number
  readonly folder: string
  readonly signal: AbortSignal
  readonly progress: (text: string) => void
}

/** @throws SignalproofError ENV_KEPT_RUNNING, and those of the toolchain; Error where a side had no answer */
export async function measureLoad(request: LoadBenchRequest): Promise<LoadMeasurement> {
  const { pairs: wanted, seconds, virtualUsers, folder, signal, progress } = request
  await requireNoneKept()
  const { config } = await loadConfig(root)
  const [k6] = await installComponents(['k6'], { signal })
  if (k6 === undefined) throw new Error('expected k6 of the toolchain; seen none')
  progress('an environment for the load: up')
  await signalproof(['up'])
  try {
    const target: Target = {
      environment: await keptEnvironment(),
      host: config.ingress.host,
      routes: loadRoutes(config),
      k6Path: k6.location,
    }
    // The first requests of a new stack meet cold caches; they belong to neither side.
    progress('load: warming up')
    await plainThroughput({ ...request, seconds: Math.min(5, seconds) }, target, join(folder, 'warm-up'))
    const pairs: LoadPair[] = []
    for (let index = 0; index < wanted; index += 1) {
      const order = orderOf(index)
      const seen: Record<Side, number> = { plain: 0, harness: 0 }
      for (const side of order) {
        progress(`load: pair ${index + 1} of ${wanted}, ${side}`)
        const measure = side === 'plain' ? plainThroughput : harnessThroughput
        seen[side] = await measure(request, target, join(folder, `load-${index + 1}-${side}`))
      }
      pairs.push({ first: order[0], ...seen, ratio: seen.harness / seen.plain })
    }
    return { virtualUsers, seconds, pairs }
  } finally {
    progress('the environment for the load: down')
    await signalproof(['down'])
  }
}

/** Whatever comes second meets a machine that the first has warmed: each goes first in every other pair. */
export const orderOf = (pair: number): readonly [Side, Side] =>
  pair % 2 === 0 ? ['plain', 'harness'] : ['harness', 'plain']

interface Target {
  readonly environment: RunningEnvironment
  readonly host: string
  readonly routes: readonly LoadRoute[]
  readonly k6Path: string
}

async function keptEnvironment(): Promise<RunningEnvironment> {
  const kept = await findKeptEnvironment(root)
  if (kept.kind === 'running') return kept.state.endpoints as RunningEnvironment
  throw new Error('expected the environment that was just kept; seen none that runs')
}

type Sided = Pick<LoadBenchRequest, 'seconds' | 'virtualUsers' | 'signal'>

async function plainThroughput(
  { seconds, virtualUsers, signal }: Sided,
  { environment, host, routes, k6Path }: Target,
  folder: string,
): Promise<number> {
  mkdirSync(folder, { recursive: true })
  const figures = join(folder, 'k6-figures.json')
  await execa(k6Path, ['run', '--quiet', '--no-usage-report', join(root, 'load/bench/plain.ts')], {
    cwd: folder,
    cancelSignal: signal,
    stdin: 'ignore',
    extendEnv: false,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      LOAD_URL: environment.addresses.ingress,
      LOAD_HOST: host,
      LOAD_DURATION_SECONDS: String(seconds),
      LOAD_MAX_VUS: String(virtualUsers),
      LOAD_ROUTES: JSON.stringify(routes),
      LOAD_SUMMARY: figures,
    },
  })
  return throughputOf(figures)
}

async function harnessThroughput(
  { seconds, virtualUsers, signal }: Sided,
  { environment, host, routes, k6Path }: Target,
  folder: string,
): Promise<number> {
  const seen = await runK6({
    script: join(root, 'load/bench/closed-loop.ts'),
    routes,
    url: environment.addresses.ingress,
    host,
    ratePerSecond: 1,
    durationMs: seconds * 1000,
    maxVirtualUsers: virtualUsers,
    runId: 'bench',
    folder,
    k6Path,
    signal,
    onProgress: () => {},
    systemCpuSeconds: () => processCpuSeconds(environment),
  })
  // Here the generator is short of processor by intent; that it ran to its end and counted is what has to be so.
  if (seen.exitCode !== 0 || seen.exceptions > 0)
    throw new Error(`expected k6 to run to its end; seen: ${seen.invalidBecause}; see ${folder}/k6.log`)
  return throughputOf(join(folder, 'k6-figures.json'))
}

const countsSchema = z.object({ requests: z.number().positive(), durationMs: z.number().positive() })

/** By k6's own clock on both sides: what starting and ending it takes belongs to neither. @throws ZodError without a request */
export function throughputOf(figuresFile: string): number {
  const { requests, durationMs } = countsSchema.parse(JSON.parse(readFileSync(figuresFile, 'utf8')))
  return (requests * 1000) / durationMs
}
