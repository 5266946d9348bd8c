import { test } from 'vitest'
import type { ClaimRow } from './claims/claim-row.ts'
import { testTitle } from './claims/registry.ts'
import type { Run } from './claims/run.ts'
import type { ClaimBody } from './claims/scheduler.ts'
import { workerRun } from './claims/worker-run.ts'

/**
 * The door: everything a scenario file needs. A scenario reads as a story: what is done, what must then be true, where
 * to look. Which claims run when is not its concern.
 */

/**
 * One claim of the table, by its id; another repository hands its own row over instead. The body throws where the
 * claim is not true. It runs as soon as all that the row needs is proven.
 */
export function claim(idOrRow: string | ClaimRow, body: ClaimBody): void {
  const row = workerRun.registry.add(idOrRow, body)
  if (workerRun.registry.isReading) return
  test(testTitle(row), async ({ skip, task }) => {
    const { record, thrown } = await workerRun.judge(row.id)
    Object.assign(task.meta, { claim: record })
    if (thrown !== undefined && record.verdict === 'broken') throw thrown
    if (record.verdict === 'proven') return
    // A claim that is blocked by one without a test in this run has to say so itself, or nothing would be red.
    const [, root] = /^needs (\S+),/.exec(record.reason ?? '') ?? []
    if (record.verdict === 'blocked' && (root === undefined || !workerRun.isShown(root))) {
      throw thrown ?? (await judgementOf(root)) ?? new Error(record.reason)
    }
    skip(`${record.verdict}: ${record.reason ?? ''}`)
  })
}

async function judgementOf(id: string | undefined): Promise<unknown> {
  return id === undefined ? undefined : (await workerRun.judge(id)).thrown
}

/** A step that several claims are judged from: one fault, done once, whoever asks first. */
export function story<T>(name: string, step: (run: Run) => Promise<T>): (run: Run) => Promise<T> {
  return (run) => run.once(`story ${name}`, () => step(run))
}

export { expect, test } from 'vitest'
export { type Notification, naiveReceiver } from './backends/alert-receiver.ts'
export { Grafana } from './backends/grafana.ts'
export { findAlertingRule } from './backends/rule-groups.ts'
export { keyOf } from './claims/alert-watch.ts'
export { readAppLog } from './claims/app-log.ts'
export { askIngress, askPlain } from './claims/ask-apps.ts'
export type { AlertSeen } from './claims/claim-record.ts'
export type { ClaimRow } from './claims/claim-row.ts'
export type { ClaimWork } from './claims/claim-work.ts'
export {
  Cluster,
  clusterOf,
  isMetricsServer,
  podMetricsIn,
  systemNamespace,
  workloadStates,
} from './claims/cluster.ts'
export {
  accountOf,
  excessAccess,
  isAllowed,
  neededAccess,
  reviewObject,
  writeReview,
} from './claims/cluster-access.ts'
export {
  misjudged,
  otherThanReadOnlyFolders,
  podOfTemplate,
  readAdmission,
  trialPods,
} from './claims/cluster-admission.ts'
export {
  describeUtilization,
  replicasAskedFor,
  unavailableApi,
  unmeasuredPods,
  unscalable,
} from './claims/cluster-autoscaling.ts'
export {
  autoscalerSyncOf,
  endMs,
  housekeepingMs,
  metricsResolutionMs,
  oldEnoughInMs,
  readyWait,
  serviceUpdateMs,
  startMs,
} from './claims/cluster-deadlines.ts'
export { failedChecks, unwellNodes } from './claims/cluster-health.ts'
export { unpinnedImages } from './claims/cluster-images.ts'
export {
  type ApiService,
  type Autoscaler,
  type ClusterNode,
  containerStatusesOf,
  type EndpointSlice,
  hasLabels,
  type Ingress,
  type NetworkPolicy,
  type Pod,
  type Service,
  type Workload,
} from './claims/cluster-objects.ts'
export {
  accountsOf,
  answeredBetween,
  brokenAccounts,
  countedSince,
  type EndedPod,
  lastScrapeBefore,
  type StoredSeries,
} from './claims/cluster-pod-ends.ts'
export { lacksEnforcement, policyWithinMs, tryPolicies } from './claims/cluster-policies.ts'
export { withProbe } from './claims/cluster-probe.ts'
export { addRule, ruleFilesIn } from './claims/cluster-rule-edit.ts'
export { wrongRulerMounts } from './claims/cluster-ruler-mounts.ts'
export { appLabel, misroutedPaths, servicesWithoutEndpoints } from './claims/cluster-services.ts'
export {
  absentOf,
  isOff,
  type Restarts,
  restartedSince,
  restartKey,
  restartsOf,
  unreadyWorkloads,
} from './claims/cluster-workloads.ts'
export { missingRunbooks, unreachable, unresolved } from './claims/dashboard-links.ts'
export {
  deadlineMs,
  evaluationArrival,
  lineArrival,
  notificationArrival,
  notificationArrivalAgain,
  outageArrival,
  releaseArrival,
  resolvedArrival,
  timingsOf,
} from './claims/deadlines.ts'
export { beginFault, breakRequests, crossingOf, lastFailureOf } from './claims/faulty-requests.ts'
export { followAlert, groupExists } from './claims/follow-alert.ts'
export { type FollowedRequest, followTrace, sendInTrace } from './claims/follow-trace.ts'
export { generateLoad, whyNoLoad } from './claims/generate-load.ts'
export { compareWithGrafana } from './claims/grafana-agreement.ts'
export { grafanaProblems } from './claims/grafana-problems.ts'
export {
  isStoreHere,
  liveDashboards,
  provisionedDatasources,
  queriedDatasources,
} from './claims/live-dashboards.ts'
export { maxQuerySeries, resendDelaysMs } from './claims/live-limits.ts'
export { traceArrival } from './claims/live-trace-timings.ts'
export { accountSources } from './claims/load-accounts.ts'
export { beginLoadFaults } from './claims/load-faults.ts'
export { judgeLoad } from './claims/load-objectives.ts'
export { loadOf, loadRequestOf } from './claims/load-seed.ts'
export { beginOutage, beginStackFaultIn, type Outage } from './claims/outage.ts'
export { podCpuSeconds } from './claims/pod-cpu.ts'
export { type WorkSample, workOf } from './claims/pod-work.ts'
export { rulesOnTime, selectorsOf } from './claims/rule-checks.ts'
export type { BreakableApp, Run } from './claims/run.ts'
export { describePanel, faultsPassed, isWrong, runPanels, shownFault } from './claims/run-panels.ts'
export { describeHops, lateHops, type ScaleUp, scaleUpIn, type WorstCases } from './claims/scaling-hops.ts'
export { requestedCores, type ScalingSample, watchScaling } from './claims/scaling-watch.ts'
export { settledSpanCounts } from './claims/span-counts.ts'
export { standInApp, writeAppLines } from './claims/stand-in-app.ts'
export { answersFor, storedRequestIds } from './claims/stored-requests.ts'
export { defineConfig } from './config/config-schema.ts'
export { runbookLinks } from './config/dashboard-documents.ts'
export { epochMs, parseRfc3339Ms } from './core/clock.ts'
export { eventually, formatMs, found, holds, type Look, notYet } from './core/eventually.ts'
export { parseDurationMs } from './core/prometheus-duration.ts'
export { SignalproofError } from './core/signalproof-error.ts'
export type { AppAddress, RunningEnvironment } from './environments/contract.ts'
export { refOf } from './kube/kube-object.ts'
export { isReadyPod, workloadKinds } from './kube/workloads.ts'
export type { ClosedAccounts } from './load/accounts/close-accounts.ts'
export { describeParting } from './load/accounts/difference.ts'
export { openAccounts } from './load/accounts/open-accounts.ts'
export { figuresDisagreement } from './load/figures-agreement.ts'
export { explainLatency } from './load/latency-gap.ts'
export { loadRoutes } from './load/load-routes.ts'
export { allowanceMs, answerMs } from './timeline/allowances.ts'
export {
  judgePromises,
  leakyInhibitions,
  ratioThreshold,
  undeliverableAlerts,
} from './timeline/judgements.ts'
export { type Incident, measureNoise, type NotifiedAlert, writeNoise } from './timeline/notification-noise.ts'
export { parseYamlAnswer, readDocumentTimings, ruleOf } from './timeline/pipeline-timings.ts'
export { thresholdIn } from './timeline/rule-threshold.ts'
export { serverSpanFault } from './traces/compare-trace.ts'
export { expectedSpans } from './traces/expected-spans.ts'
export { exemplarFault } from './traces/judge-exemplar.ts'
export { searchQuery } from './traces/search-query.ts'
export { describeCounts } from './traces/span-accounts.ts'
export { type CountKey, countBy, countKey, differences } from './traffic/request-ledger.ts'
