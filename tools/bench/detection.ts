import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { timingsOf } from '../../harness/claims/deadlines.ts'
import { openRun } from '../../harness/claims/open-run.ts'
import { Run } from '../../harness/claims/run.ts'
import { writeAppLines } from '../../harness/claims/stand-in-app.ts'
import { loadConfig } from '../../harness/config/load-config.ts'
import { containerLogFile } from '../../harness/config/process-placement.ts'
import { epochMs } from '../../harness/core/clock.ts'
import { pause } from '../../harness/core/eventually.ts'
import { processHome } from '../../harness/environments/process/process-home.ts'
import { FollowedAlert } from '../../harness/timeline/followed-alert.ts'
import { deliveryWorstCase, type HopInputs, type HopName, pathOf } from '../../harness/timeline/hops.ts'
import { type HopFinding, judgeHop, observationsOf } from './hop-tightness.ts'
import { root } from './signalproof-command.ts'
import { partsCovered } from './statistics.ts'

/**
 * How long a log alert takes from the sixth error to the delivered notification, at random moments of the rule's
 * evaluation interval, while good requests flow as they do in `verify`. The errors are the lines of a stand-in app, a
 * new one each time, so that each trial is a new group. A trial ends with its notification, so that no two of them
 * are looked at together: looking costs time too. Resolving is waited for in all of them at the end.
 */

export interface Trial {
  readonly app: string
  /** When the sixth error's line was written, epoch ms. */
  readonly servedAt: number
  /** What each hop took, in ms. */
  readonly hops: Readonly<Record<string, number>>
  readonly deliveredMs: number
}

export interface Detection {
  readonly alert: string
  readonly perAppPerSecond: number
  readonly evaluationIntervalMs: number
  /** How many eighths of the evaluation interval a trial began in. */
  readonly eighthsCovered: number
  readonly trials: readonly Trial[]
  readonly hops: readonly HopFinding[]
  /** From the sixth error to the notification. */
  readonly delivery: HopFinding
  /** What signalproof.config.ts promises for this profile; null without a promise. */
  readonly promisedMs: number | null
}

const profile = 'fast'
/** The rule fires above five. */
const errors = 6
/** Long enough for a hop that is far too late to be measured all the same. */
const patienceMs = 10_000

/** The hops of a trial; `logged` is not among them, since the bench writes the line itself. */
const measuredHops: readonly HopName[] = [...pathOf.logs.filter((name) => name !== 'logged'), 'resolved']

/**
 * Starts an environment, makes the trials and ends it again.
 * @throws SignalproofError WAIT_TIMEOUT when a hop never comes: there is nothing to measure in a stack that is broken
 */
export async function measureDetection(
  trials: number,
  { folder, signal, progress }: { folder: string; signal: AbortSignal; progress: (text: string) => void },
): Promise<Detection> {
  const project = await loadConfig(root)
  const options = {
    environment: 'process',
    profile,
    set: [],
    out: join(folder, 'detection'),
    startedAt: epochMs(),
    keep: false,
    context: undefined,
  } as const
  const { seed, close } = await openRun({ home: processHome, project, options, signal })
  const run = new Run(seed)
  const onAbort = () => void run.stop(signal.reason)
  signal.addEventListener('abort', onAbort)
  try {
    await run.started()
    return await makeTrials(run, trials, progress)
  } finally {
    signal.removeEventListener('abort', onAbort)
    await run.stop()
    run.record.close()
    await close()
  }
}

async function makeTrials(run: Run, count: number, progress: (text: string) => void): Promise<Detection> {
  const alert = run.config.alerts.logBurst
  const { rule, route } = await timingsOf(run, alert, run.config.alerts.receivers.ticket)
  const inputs: HopInputs = { timings: await run.timings(), rule, route, groupExists: false }
  const followed: FollowedAlert[] = []
  for (let number = 1; number <= count; number += 1) {
    progress(`detection: trial ${number} of ${count}`)
    await pause(Math.random() * rule.evaluationIntervalMs, run.signal)
    const one = await beginTrial(run, `bench-${number}`, inputs)
    await one.delivered()
    followed.push(one)
  }
  progress('detection: waiting for the last alerts to resolve')
  const trials = await Promise.all(followed.map(endTrial))
  const deliveredMs = trials.map((trial) => trial.deliveredMs)
  return {
    alert,
    perAppPerSecond: run.config.traffic.perAppPerSecond,
    evaluationIntervalMs: rule.evaluationIntervalMs,
    eighthsCovered: partsCovered(
      trials.map(({ servedAt }) => servedAt),
      rule.evaluationIntervalMs,
      8,
    ),
    trials,
    hops: measuredHops.map((name) =>
      judgeHop(
        observationsOf(
          name,
          trials.map(({ hops }) => hops[name] ?? Number.NaN),
          inputs,
        ),
      ),
    ),
    delivery: judgeHop({ name: 'all to delivered', ms: deliveredMs, ...deliveryWorstCase(inputs) }),
    promisedMs:
      run.config.promises.find((promise) => promise.alert === alert)?.deliveredWithinMs[profile] ?? null,
  }
}

/** Lets a new app log six errors at one moment, and follows the last of them. */
async function beginTrial(run: Run, app: string, inputs: HopInputs): Promise<FollowedAlert> {
  const { logs, alerts } = run.config
  const afterSequence = await run.alertReceiver.newest(run.signal)
  const route = '/bench'
  const servedAt = epochMs()
  await writeAppLines(
    run,
    app,
    servedAt,
    Array.from({ length: errors }, () => ({ method: 'GET', route, status: 500 })),
  )
  const logFile = containerLogFile(run.environment, logs.namespace, app)
  const { prometheus, loki, alertmanager, alertReceiver, signal } = run
  return new FollowedAlert(
    {
      id: app,
      app: { name: app, namespace: logs.namespace, logFile },
      alert: inputs.rule.alert,
      route,
      servedAt,
      requestId: lastRequestId(logFile, logs.fields.requestId),
      afterSequence,
      receiver: alerts.receivers.ticket,
    },
    inputs,
    { prometheus, loki, alertmanager, alertReceiver, signal, patienceMs },
  )
}

function lastRequestId(logFile: string, field: string): string {
  const line = readFileSync(logFile, 'utf8').trimEnd().split('\n').at(-1) ?? ''
  return String((JSON.parse(line.slice(line.indexOf('{'))) as Record<string, unknown>)[field])
}

async function endTrial(followed: FollowedAlert): Promise<Trial> {
  const { servedAt } = followed.fault
  await followed.resolved(Promise.resolve(servedAt))
  const seen = await followed.timeline(measuredHops)
  return {
    app: followed.fault.app.name,
    servedAt,
    hops: Object.fromEntries(seen.map(({ name, ms }) => [name, ms])),
    deliveredMs: (await followed.delivered()).at - servedAt,
  }
}
