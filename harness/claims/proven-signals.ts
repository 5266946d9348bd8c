import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { RunningEnvironment } from '../environments/contract.ts'
import type { SignalsBasis } from '../load/load-report.ts'
import { signalsOfLoad } from './table.ts'

/** A load rests on proven signals; those that an earlier run of the same configuration has proven count for a while. */

/** A stack of the same configuration can still change: its disk fills, its machine gets busy. */
export const provenForMs = 15 * 60_000

const keptResult = z.object({
  runId: z.string(),
  startedAt: z.iso.datetime(),
  wallMs: z.number(),
  environment: z.string(),
  digest: z.string(),
  verdict: z.string(),
  claims: z.array(z.object({ id: z.string(), verdict: z.string() })),
})
type KeptResult = z.infer<typeof keptResult>

export interface SignalsRequest {
  /** The project's root, below which runs are kept. */
  readonly root: string
  readonly environment: Pick<RunningEnvironment, 'kind' | 'capabilities' | 'lacks' | 'digest'>
  readonly unproven: boolean
  readonly nowMs: number
}

/**
 * What a load rests on. The newest run of the configuration that has proven all signals decides, unless one after it has
 * seen any of them otherwise: then they are proven anew.
 */
export function signalsBasis({ root, environment, unproven, nowMs }: SignalsRequest): SignalsBasis {
  if (unproven) return { basis: 'unproven' }
  const signals = signalsOfLoad(environment)
  const [newest] = keptResults(root)
    .filter((run) => run.digest === environment.digest && run.environment === environment.kind)
    .filter((run) => nowMs - endOf(run) <= provenForMs && endOf(run) <= nowMs)
    .filter((run) => provesAll(run, signals) || doubtsOne(run, signals))
    .sort((a, b) => endOf(b) - endOf(a))
  if (newest === undefined || !provesAll(newest, signals)) return { basis: 'this run' }
  return { basis: 'accepted run', runId: newest.runId, provenAt: new Date(endOf(newest)).toISOString() }
}

const endOf = ({ startedAt, wallMs }: KeptResult): number => Date.parse(startedAt) + wallMs

const provesAll = ({ verdict, claims }: KeptResult, signals: readonly string[]): boolean =>
  verdict !== 'invalid' &&
  signals.every((id) => claims.some((claim) => claim.id === id && claim.verdict === 'proven'))

const doubtsOne = ({ claims }: KeptResult, signals: readonly string[]): boolean =>
  claims.some(({ id, verdict }) => signals.includes(id) && verdict !== 'proven')

/** Results of runs and of runs of a series; what is no result of this version is none. */
function keptResults(root: string): KeptResult[] {
  const runs = join(root, '.signalproof', 'runs')
  return foldersIn(runs)
    .flatMap((folder) => [folder, ...foldersIn(folder)])
    .flatMap((folder) => readResult(join(folder, 'result.json')) ?? [])
}

const foldersIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? [join(folder, entry.name)] : [],
      )
    : []

function readResult(file: string): KeptResult | undefined {
  try {
    return keptResult.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data
  } catch {
    return undefined
  }
}
