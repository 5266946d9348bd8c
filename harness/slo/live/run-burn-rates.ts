import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { Alertmanager } from '../../backends/alertmanager.ts'
import { Prometheus } from '../../backends/prometheus.ts'
import type { LoadedConfig } from '../../config/load-config.ts'
import { epochMs } from '../../core/clock.ts'
import { eventually, found, holds, notYet } from '../../core/eventually.ts'
import { SignalproofError } from '../../core/signalproof-error.ts'
import { startSupervisor } from '../../environments/process/supervisor-client.ts'
import { installComponents } from '../../toolchain/install-components.ts'
import type { InstallProgress } from '../../toolchain/install-progress.ts'
import { burnRateGroups, type RuleGroup } from '../burn-rate-rules.ts'
import { compressed } from '../burn-rate-windows.ts'
import { type Objective, pairsOf } from '../objective.ts'
import { type AlertHistory, readAlertHistories } from './alert-history.ts'
import { boundarySvg } from './boundary-svg.ts'
import { type BurnCase, burnCases, sweepCases } from './burn-cases.ts'
import { startBurnStack } from './burn-stack.ts'
import { type CaseResult, judgeBurn } from './judge-burn.ts'
import { judgeDeliveries } from './judge-deliveries.ts'
import { startNotificationSink } from './notification-sink.ts'
import { requireEveryScrape, waitForHistory } from './scrape-history.ts'
import { startStandInExporter } from './stand-in-exporter.ts'

/** One run: a real Prometheus and a real Alertmanager judge stand-in services by an objective's own rules, compressed. */

export interface BurnRateRequest {
  readonly project: LoadedConfig
  /** Whose target, guard, selectors and pairs every stand-in gets. */
  readonly objective: Objective
  /** Whether a grid of error ratios and rates is judged too, and its boundary drawn. */
  readonly isSweep: boolean
  /** Makes the rules other than they are generated: what such rules do has to be seen. */
  readonly changeRules?: ((groups: readonly RuleGroup[]) => readonly RuleGroup[]) | undefined
  /** The run's folder, absolute: burn-rates.json, boundary.svg, config/ and logs/. */
  readonly folder: string
  readonly signal: AbortSignal
  readonly progress?: InstallProgress | undefined
  readonly tell?: ((line: string) => void) | undefined
}

export interface BurnRateReport {
  readonly verdict: 'held' | 'broken'
  readonly objective: string
  readonly target: number
  readonly minimumFailures: number
  readonly errorsFrom: string
  readonly errorsMs: number
  readonly problems: readonly string[]
  readonly cases: readonly CaseResult[]
  readonly sweep: readonly CaseResult[]
}

const everyMs = 1_000

/** For the work itself: two cores may be busy. */
const allowanceMs = 10_000

/**
 * @throws SignalproofError TOOL_*, ENV_*, BACKEND_* for what the run needs; ENV_NOT_READY where the machine was too busy
 *   to scrape and evaluate every second, so that nothing is said; the signal's reason
 */
export async function runBurnRates(request: BurnRateRequest): Promise<BurnRateReport> {
  const { project, objective, isSweep, folder, signal, tell = () => {} } = request
  const { changeRules = (groups) => groups } = request
  const pairs = pairsOf(objective).map(compressed)
  const limits = { target: objective.target, minimumFailures: objective.minimumFailures ?? 0 }
  const table = burnCases(pairs, limits)
  const sweep = isSweep ? sweepCases(pairs, limits) : []
  const cases = [...table, ...sweep]
  const found = await installComponents(['prometheus', 'alertmanager'], {
    signal,
    progress: request.progress,
  })
  const binaries: Record<string, string> = Object.assign({}, ...found.map((each) => each.binaries))
  const rulesFor = (each: BurnCase) =>
    burnRateGroups(standInObjective(objective, each), { pairs, interval: `${everyMs}ms` })
  await using exporter = await startStandInExporter(cases, 'apps')
  await using sink = await startNotificationSink()
  await using supervisor = await startSupervisor({ folder, signal })
  const { prometheusUrl, alertmanagerUrl } = await startBurnStack({
    project,
    supervisor,
    commands: { prometheus: binaries.prometheus ?? '', alertmanager: binaries.alertmanager ?? '' },
    groups: changeRules([
      ...table.flatMap((each) => rulesFor(each)),
      ...gathered(sweep.map((each) => rulesFor(each))),
    ]),
    exporterPort: exporter.port,
    sinkPort: sink.port,
    everyMs,
  })
  const prometheus = new Prometheus(prometheusUrl)
  const alertmanager = new Alertmanager(alertmanagerUrl)
  const startedAt = epochMs()
  const longMs = Math.max(...pairs.map((pair) => pair.longMs))
  const shortMs = Math.max(...pairs.map((pair) => pair.shortMs))

  tell(`${cases.length} stand-in services; a long window of good traffic first`)
  // Two series a stand-in: what failed and what did not.
  await waitForHistory(prometheus, {
    windowMs: longMs,
    series: 2 * cases.length,
    everyMs,
    allowanceMs,
    signal,
  })
  const errorsFromMs = exporter.beginErrors()
  const errorsMs = longMs + 4 * everyMs
  tell('errors begin')
  await holds('Prometheus answers', async () => lookAt(await prometheus.alerts(signal)), {
    forMs: errorsMs,
    everyMs,
    remedy: "read Prometheus' log in the run's folder",
    signal,
  })
  const arrived = await arrivedAt(alertmanager, prometheus, signal)
  const errorsToMs = exporter.endErrors()
  tell('errors have ended')
  const overWithinMs = shortMs + 2 * everyMs + allowanceMs
  const isOver = await whether('every alert is over', overWithinMs, signal, async () =>
    (await prometheus.alerts(signal)).length === 0 ? null : 'alerts that go on',
  )
  const isTakenBack = await whether('Alertmanager has no alert', allowanceMs, signal, async () =>
    (await alertmanager.alerts([], signal)).length === 0 ? null : 'alerts that Alertmanager holds',
  )
  const windowMs = epochMs() - startedAt + everyMs
  const histories = await readAlertHistories(prometheus, { windowMs, evaluationMs: everyMs, signal })
  // From the first sample that any window of the run reaches back to.
  await requireEveryScrape(prometheus, {
    windowMs: epochMs() - errorsFromMs + longMs - everyMs,
    everyMs,
    signal,
  })
  const { results, problems } = judgeBurn(cases, pairs, limits, {
    histories,
    errorsFromMs,
    errorsToMs,
    scrapeMs: everyMs,
    evaluationMs: everyMs,
  })
  // What was told of while the last groups were closed belongs to the run.
  const undelivered = await whether(
    'every notification is delivered',
    allowanceMs,
    signal,
    async () => judgeDeliveries(results, sink.deliveries)[0] ?? null,
  )
  const all = [
    ...problems,
    ...noFiring(histories),
    ...[arrived, isOver, isTakenBack].filter((each) => each !== null),
    ...(undelivered === null ? [] : judgeDeliveries(results, sink.deliveries)),
  ]
  const report: BurnRateReport = {
    verdict: all.length === 0 ? 'held' : 'broken',
    objective: objective.name,
    ...limits,
    errorsFrom: new Date(errorsFromMs).toISOString(),
    errorsMs: errorsToMs - errorsFromMs,
    problems: all,
    cases: results.slice(0, table.length),
    sweep: results.slice(table.length),
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'burn-rates.json'), `${JSON.stringify(report, null, 2)}\n`)
  if (isSweep) writeFileSync(join(folder, 'boundary.svg'), boundarySvg(report, pairs))
  return report
}

/** The objective as it would stand for a stand-in: its own selectors with the stand-in's name. */
function standInObjective(objective: Objective, { service }: Pick<BurnCase, 'service'>): Objective {
  const of = (selector: string) => selector.replaceAll(`"${objective.service}"`, `"${service}"`)
  return {
    ...objective,
    name: `${service}-${objective.kind}`,
    service,
    total: of(objective.total),
    ...(objective.bad === undefined ? {} : { bad: of(objective.bad) }),
  }
}

/** So many groups: one each for hundreds of services would be hundreds of writes a second, which a small machine cannot keep up with. */
const sweepGroups = 4

/** The rules of many services in a few groups, those of one service together and in their order. */
function gathered(services: readonly (readonly RuleGroup[])[]): RuleGroup[] {
  const parts = Map.groupBy(services.keys(), (index) => index % sweepGroups)
  return [...parts].map(([part, indexes]) => ({
    name: `sweep-${part}`,
    interval: `${everyMs}ms`,
    rules: indexes.flatMap((index) => (services[index] ?? []).flatMap(({ rules }) => rules)),
  }))
}

const lookAt = (alerts: readonly unknown[]) => found(alerts.length)

/** Whether Alertmanager has just what fires, inhibited or not. @returns what differs, or null */
async function arrivedAt(
  alertmanager: Alertmanager,
  prometheus: Prometheus,
  signal: AbortSignal,
): Promise<string | null> {
  return await whether('Alertmanager has every firing alert', allowanceMs, signal, async () => {
    const firing = await prometheus.alerts(signal)
    const held = new Set((await alertmanager.alerts([], signal)).map(({ labels }) => keyOf(labels)))
    const missing = firing.filter(({ labels }) => !held.has(keyOf(labels)))
    return missing.length === 0 ? null : `without ${missing.map(({ labels }) => keyOf(labels)).join(', ')}`
  })
}

const keyOf = ({ service, long_window: long }: Readonly<Record<string, string>>): string =>
  `${service} ${long}`

/** Waits until `wrong` finds nothing. @returns the last thing it found, or null */
async function whether(
  condition: string,
  withinMs: number,
  signal: AbortSignal,
  wrong: () => Promise<string | null>,
): Promise<string | null> {
  let last: string | null = null
  try {
    await eventually(
      condition,
      async () => {
        last = await wrong()
        return last === null ? found(null) : notYet(last)
      },
      { withinMs, everyMs: everyMs / 4, remedy: '', signal },
    )
    return null
  } catch (thrown) {
    if (!(thrown instanceof SignalproofError) || thrown.code !== 'WAIT_TIMEOUT') throw thrown
    return `expected: ${condition}; seen: ${last ?? thrown.account.seen}`
  }
}

/** No alert at all says nothing of those that stayed silent. */
const noFiring = (histories: readonly AlertHistory[]): string[] =>
  histories.some(({ state }) => state === 'firing')
    ? []
    : ['expected alerts of the cases that burn; none fired']

/** The folder of a run for people. */
export const shownFolder = (folder: string): string => relative(process.cwd(), folder) || '.'
