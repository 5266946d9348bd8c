import { relative } from 'node:path'
import type { LoadedConfig } from '../config/load-config.ts'
import type { Supervisor } from '../environments/process/supervisor-client.ts'
import type { AlertRule } from './alert-rules.ts'
import type { CaseFailure, CaseResult } from './case-results.ts'
import { type DeliveredExpectation, deliveredExpectations, judgeDelivered } from './delivered-case.ts'
import { judgeLogCase } from './log-case.ts'
import { longestCaseMs } from './log-case-limits.ts'
import { writeLines } from './log-lines.ts'
import type { LogCase } from './log-test-format.ts'
import type { RuleTests } from './rule-tests.ts'
import { pushLines } from './tenant-loki.ts'
import { startThrowAwayStack, type ThrowAwayStack } from './throw-away-stack.ts'

/** All selected log cases on one throw-away Loki, each with a tenant of the simulated time, and one of now for each
 * expectation that is delivered. */

export interface LogRun {
  readonly project: LoadedConfig
  readonly supervisor: Supervisor
  readonly commands: { readonly loki: string; readonly alertmanager: string }
  readonly tests: RuleTests
  readonly evaluationMs: number
  /** The rule files of the cases that are delivered, in the fast profile. */
  readonly fastRules: ReadonlyMap<string, unknown>
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

interface Delivery extends PreparedCase {
  readonly delivered: DeliveredExpectation
  /** One that holds the lines of this expectation as lines of now, and no others. */
  readonly nowTenant: string
}

export async function runLogCases(run: LogRun): Promise<CaseResult[]> {
  const cases = prepareCases(run.tests)
  const deliveries = cases.flatMap((each): Delivery[] =>
    deliveredExpectations(each.test).map((delivered, index) => ({
      ...each,
      delivered,
      nowTenant: `${each.tenant}-now-${index}`,
    })),
  )
  const rules = new Map(deliveries.map(({ nowTenant, ruleFile }) => [nowTenant, run.fastRules.get(ruleFile)]))
  const stack = await startThrowAwayStack({ ...run, rules })
  // Far enough back that a case ends in the past, near enough that its lines are still where queries look for them.
  const baseMs = Math.floor(Date.now() / 60_000) * 60_000 - longestCaseMs - 60_000
  const [onRuler, onModel] = await Promise.all([
    Promise.all(deliveries.map(async (each) => ({ each, failures: await deliver(each, run, stack) }))),
    mapAtOnce(cases, (each) => judgeModelled(each, run, stack, baseMs)),
  ])
  return cases.map(({ test, file }, index): CaseResult => {
    const ownOnRuler = onRuler.filter(({ each }) => each.test === test)
    return {
      name: test.name,
      signal: 'logs',
      file: relative(process.cwd(), file),
      where: test.where,
      delivered: ownOnRuler.length > 0,
      failures: [...(onModel[index] ?? []), ...ownOnRuler.flatMap(({ failures }) => failures)],
    }
  })
}

function prepareCases(tests: RuleTests): PreparedCase[] {
  return tests.logs.flatMap(({ test: { file, ruleFile }, cases }, fileIndex) =>
    cases.map((test, index) => {
      const ruleOf = (alert: string) =>
        tests.rules.find((rule) => rule.file === ruleFile && rule.alert === alert) as AlertRule
      return { test, file, ruleFile, tenant: `file-${fileIndex}-case-${index}`, ruleOf }
    }),
  )
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

async function deliver(
  { test, nowTenant, ruleFile, ruleOf, delivered }: Delivery,
  { project, tests, signal }: LogRun,
  { lokiUrl, alertmanagerUrl, firesWithinMs }: ThrowAwayStack,
): Promise<CaseFailure[]> {
  const lines = writeLines(test.logs, project.config.logs.namespace)
  const ruleCount = tests.rules.filter(({ file }) => file === ruleFile).length
  return await judgeDelivered(delivered, lines, {
    lokiUrl,
    alertmanagerUrl,
    tenant: nowTenant,
    ruleOf,
    ruleCount,
    withinMs: firesWithinMs(nowTenant, delivered.expectation.alert) + allowanceMs,
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
