import { BroadcastChannel } from 'node:worker_threads'
import { epochMs } from '../core/clock.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import type { RecordEntry } from './claim-record.ts'
import type { ClaimRow } from './claim-row.ts'
import { ClaimWork } from './claim-work.ts'
import { recordTimelines } from './follow-alert.ts'
import { recordOutages } from './outage.ts'
import { ClaimRegistry, testTitle } from './registry.ts'
import { whyNotHere } from './requirements.ts'
import { Run, type RunSeed } from './run.ts'
import { recordChannel } from './run-record.ts'
import { ClaimScheduler, type Judgement } from './scheduler.ts'
import { keepStackEvidence } from './stack-evidence.ts'

/** What the tests of this run were narrowed to. */
export interface Selection {
  /** Every scenario file of the project: all are read, so that a claim's needs are found wherever they are. */
  readonly allFiles: readonly string[]
  readonly selectedFiles: readonly string[]
  /** The source of `-t`, matched against a test's title. */
  readonly titlePattern: string | null
}

/**
 * The run as one worker sees it. All its files share it: the first file that is run reads all others ahead and starts
 * every selected claim; a test only waits for the judgement of its claim.
 */
class WorkerRun {
  readonly registry = new ClaimRegistry()
  private scheduler: ClaimScheduler | undefined
  private preparing: Promise<void> | undefined
  private shown = new Set<string>()
  private ending: Promise<void> | undefined

  prepare(
    seed: RunSeed,
    selection: Selection,
    importFile: (file: string) => Promise<unknown>,
  ): Promise<void> {
    this.preparing ??= this.prepareOnce(seed, selection, importFile)
    return this.preparing
  }

  /** The judgement of a claim, for its test. */
  async judge(id: string): Promise<Judgement> {
    if (this.scheduler === undefined) {
      throw new SignalproofError('INTERNAL', {
        expected: 'the run to be prepared before a claim is judged',
        seen: `claim ${id} asked for its judgement first`,
        remedy: 'add worker-setup of signalproof to `setupFiles` of the Vitest project',
      })
    }
    return this.scheduler.judge(id)
  }

  /** Resolves when every selected claim is judged, the record is whole and traffic has stopped. */
  async ended(): Promise<void> {
    await this.ending
  }

  /** Whether a claim has a test of its own in this run, which reports it. */
  isShown(id: string): boolean {
    return this.shown.has(id)
  }

  private async prepareOnce(
    seed: RunSeed,
    selection: Selection,
    importFile: (file: string) => Promise<unknown>,
  ): Promise<void> {
    this.registry.keepRowsOf({ ...seed.environment, signals: seed.load?.signals })
    for (const file of selection.allFiles) await this.registry.read(file, importFile)
    const shown = this.registry
      .claimsIn(selection.selectedFiles)
      .filter((row) => titleFits(row, selection.titlePattern))
    this.shown = new Set(shown.map(({ id }) => id))
    const needed = this.registry.withNeeds([...this.shown])
    const run = new Run(seed, new Set(needed.flatMap(({ requires = [] }) => requires)))
    const inRun = new Set(needed.map(({ id }) => id))
    run.record.write({
      kind: 'selected',
      claims: needed.map(({ id, layer, title, needs, after = [] }) => ({
        id,
        layer,
        title,
        needs: needs.map((need) => need.id),
        after: after.filter((other) => inRun.has(other)),
      })),
    })
    const environmentEnd = endWithEnvironment(run)
    this.scheduler = new ClaimScheduler({
      rows: this.registry.rows,
      bodies: this.registry.bodies,
      inRun,
      whyNotHere: (row) => whyNotHere(row, seed.environment),
      workFor: (row) => new ClaimWork(run, row),
      now: epochMs,
      environmentEnd,
      keepEvidence: (id) => keepStackEvidence(run, id),
      onStarted: (id) => run.record.write({ kind: 'claim-started', id }),
      hearWaitsOf: (id) => run.record.tellWaitsOf(id),
      onJudged: (claim) => run.record.write({ kind: 'claim', claim }),
    })
    const judging = needed.map(({ id }) => this.judge(id))
    this.ending = Promise.allSettled(judging).then(async () => {
      await recordTimelines(run)
      await recordOutages(run)
      await run.stop()
    })
  }
}

/**
 * When the environment breaks, every wait of the run ends with that reason.
 * @returns the reason, once there is one
 */
function endWithEnvironment(run: Run): () => SignalproofError | undefined {
  let end: SignalproofError | undefined
  const channel = new BroadcastChannel(recordChannel(run.seed.runId))
  channel.onmessage = (message: unknown) => {
    const entry = (message as { data: RecordEntry }).data
    if (entry.kind !== 'environment-failed') return
    end ??= new SignalproofError('ENV_COMPONENT_DIED', {
      expected: 'the environment to last until the end of the run',
      seen: entry.message,
      remedy: 'look at the log that is named',
    })
    void run.stop(end)
  }
  channel.unref()
  return () => end
}

const titleFits = (row: ClaimRow, pattern: string | null): boolean =>
  pattern === null || new RegExp(pattern).test(testTitle(row))

/** One for all files of a worker: with isolation off they share module state. */
export const workerRun = new WorkerRun()
