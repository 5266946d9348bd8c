import { seedDouble } from '../claims/claim-doubles.ts'
import type { ClaimRecord, RecordEntry } from '../claims/claim-record.ts'
import type { RunSeed } from '../claims/run.ts'
import type { RunningEnvironment } from '../environments/contract.ts'
import type { SignalsBasis } from '../load/load-report.ts'
import { makeResult, type RunFacts, type RunResult } from './run-result.ts'

/** A judged claim `layer.name`; it started one second after the command and took 100 ms. */
export const claimDouble = (id: string, changes: Partial<ClaimRecord> = {}): ClaimRecord => ({
  id,
  layer: id.split('.')[0] ?? '',
  title: `the sentence of ${id}`,
  verdict: 'proven',
  startedAt: 2_000,
  ms: 100,
  lookups: 1,
  ...changes,
})

/** The record of a run that selected these claims, with what each needs, and judged them. */
export const recordOf = (
  claims: readonly ClaimRecord[],
  needs: Readonly<Record<string, readonly string[]>> = {},
  after: Readonly<Record<string, readonly string[]>> = {},
): RecordEntry[] => [
  {
    kind: 'selected',
    claims: claims.map(({ id, layer, title }) => ({
      id,
      layer,
      title,
      needs: needs[id] ?? [],
      after: after[id] ?? [],
    })),
  },
  ...claims.map((claim): RecordEntry => ({ kind: 'claim', claim })),
]

/** The result of a run that began at epoch ms 1000 and lasted 10 s. */
export const resultOf = (
  record: readonly RecordEntry[],
  changes: Partial<RunFacts> = {},
  environment: Partial<RunningEnvironment> = {},
): RunResult =>
  makeResult({
    seed: seedDouble('/runs/r1', environment),
    record,
    endedAt: 11_000,
    outsideClaims: [],
    interrupted: false,
    ...changes,
  })

/** What a run is started with that a load was asked for. */
export const loadedSeed = (signals: SignalsBasis): RunSeed => ({
  ...seedDouble('/runs/r1'),
  load: {
    signals,
    k6Path: '/k6',
    request: {
      workload: 'steady',
      script: '/load/steady.ts',
      ratePerSecond: 20,
      durationMs: 10_000,
      slo: [],
      faults: [],
      unproven: signals.basis === 'unproven',
      as: 'process',
      runners: 1,
    },
  },
})
