import { relative } from 'node:path'
import type { LoadedConfig } from '../config/load-config.ts'
import { readYamlFile } from '../config/yaml-file.ts'
import { formatDuration } from '../core/prometheus-duration.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import type { Supervisor } from '../environments/process/supervisor-client.ts'
import type { AlertRule } from './alert-rules.ts'
import type { CaseFailure, CaseResult } from './case-results.ts'
import { deliveredExpectation, judgeDeliveredCase } from './delivered-case.ts'
import { judgeLogCase } from './log-case.ts'
import { writeLines } from './log-lines.ts'
import type { LogCase } from './log-test-format.ts'
import type { RuleTests } from './rule-tests.ts'
import { pushLines } from './tenant-loki.ts'
import { startThrowAwayStack, type ThrowAwayStack } from './throw-away-stack.ts'

/** All selected log cases on one throw-away Loki, each with two tenants: one of the simulated time, one of now. */

export interface LogRun {
  readonly project: LoadedConfig
  readonly supervisor: Supervisor
  readonly commands: { readonly loki: string; readonly alertmanager: string }
  readonly tests: RuleTests
  readonly evaluationMs: number
  readonly signal: AbortSignal
}

/** Beyond the ruler's own times: pushing, rendering, sending and looking, on a machine with other work. */
const allowanceMs = 5_000

/** Cases that are asked for at the same time; more would only wait inside Loki. */
const atOnce = 8

interface PreparedCase {
  readonly test: LogCase
  readonly file: string
  readonly ruleFile: string
  readonly tenant: string
  readonly ruleOf: (alert: string) => AlertRule
}

export async function runLogCases(run: LogRun): Promise<CaseResult[]> {
  const cases = prepareCases(run.tests, run.evaluationMs)
  const delivered = cases.filter(({ test }) => deliveredExpectation(test) !== undefined)
  requireDistinctAlerts(delivered)
  const rules = new Map(delivered.map(({ tenant, ruleFile }) => [`${tenant}-now`, readYamlFile(ruleFile)]))
  const stack = await startThrowAwayStack({ ...run, rules })
  // Far enough back that a case ends in the past, near enough that its lines are still where queries look for them.
  const baseMs = Math.floor(Date.now() / 60_000) * 60_000 - longestCaseMs - 60_000
  const [onRuler, onModel] = await Promise.all([
    Promise.all(delivered.map(async (each) => [each, await judgeDelivered(each, run, stack)] as const)),
    mapAtOnce(cases, (each) => judgeModelled(each, run, stack, baseMs)),
  ])
  const failuresOnRuler = new Map(onRuler)
  return cases.map(
    (each, index): CaseResult => ({
      name: each.test.name,
      signal: 'logs',
      file: relative(process.cwd(), each.file),
      where: each.test.where,
      delivered: failuresOnRuler.has(each),
      failures: [...(onModel[index] ?? []), ...(failuresOnRuler.get(each) ?? [])],
    }),
  )
}

/** Loki takes lines of a stream within an hour of each other. */
const longestCaseMs = 60 * 60_000

function prepareCases(tests: RuleTests, evaluationMs: number): PreparedCase[] {
  return tests.logs.flatMap(({ test: { file, ruleFile }, cases }, fileIndex) =>
    cases.map((test, index) => {
      for (const [at, expectation] of test.expect.entries())
        requireMoment(expectation.at, evaluationMs, test.whereExpected(at))
      const ruleOf = (alert: string) =>
        tests.rules.find((rule) => rule.file === ruleFile && rule.alert === alert) as AlertRule
      return { test, file, ruleFile, tenant: `file-${fileIndex}-case-${index}`, ruleOf }
    }),
  )
}

function requireMoment(atMs: number, evaluationMs: number, where: string): void {
  if (atMs % evaluationMs === 0 && atMs <= longestCaseMs) return
  throw new SignalproofError('CONFIG_INVALID', {
    expected: `a moment at which the ruler evaluates: every ${formatDuration(evaluationMs)}, for ${formatDuration(longestCaseMs)} at most`,
    seen: formatDuration(atMs),
    where,
    remedy: 'correct `at`',
  })
}

/** Alertmanager knows no tenants: what one case delivers must not be taken for what another does. */
function requireDistinctAlerts(cases: readonly PreparedCase[]): void {
  const seen = new Map<string, string>()
  for (const { test } of cases) {
    const { expectation, where } = deliveredExpectation(test) ?? {}
    for (const { labels } of expectation?.firing ?? []) {
      const key = JSON.stringify([expectation?.alert, Object.entries(labels).sort()])
      const other = seen.get(key)
      if (other === undefined) seen.set(key, test.name)
      else {
        throw new SignalproofError('CONFIG_INVALID', {
          expected:
            'annotations in one case only for an alert with these labels: it is delivered by that case',
          seen: `the case "${other}" has them, too`,
          where: where ?? test.where,
          remedy: 'leave the annotations away, or use another app or route',
        })
      }
    }
  }
}

async function judgeModelled(
  { test, tenant, ruleOf }: PreparedCase,
  { project, evaluationMs, signal }: LogRun,
  { lokiUrl: url }: ThrowAwayStack,
  baseMs: number,
): Promise<CaseFailure[]> {
  const lines = writeLines(test.logs, project.config.logs.namespace)
  await pushLines({ url, tenant }, lines, BigInt(baseMs) * 1_000_000n, signal)
  return await judgeLogCase(test, { url, tenant, baseMs, evaluationMs, ruleOf, signal })
}

async function judgeDelivered(
  { test, tenant, ruleFile, ruleOf }: PreparedCase,
  { project, tests, signal }: LogRun,
  { lokiUrl, alertmanagerUrl, firesWithinMs }: ThrowAwayStack,
): Promise<CaseFailure[]> {
  const lines = writeLines(test.logs, project.config.logs.namespace)
  const ruleCount = tests.rules.filter(({ file }) => file === ruleFile).length
  const alert = deliveredExpectation(test)?.expectation.alert ?? ''
  return await judgeDeliveredCase(test, lines, {
    lokiUrl,
    alertmanagerUrl,
    tenant: `${tenant}-now`,
    ruleOf,
    ruleCount,
    withinMs: firesWithinMs(`${tenant}-now`, alert) + allowanceMs,
    signal,
  })
}

async function mapAtOnce<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const queue = items.entries()
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}
