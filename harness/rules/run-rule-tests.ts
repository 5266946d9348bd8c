import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { LoadedConfig } from '../config/load-config.ts'
import { newRunId } from '../core/run-id.ts'
import { startSupervisor } from '../environments/process/supervisor-client.ts'
import { installComponents } from '../toolchain/install-components.ts'
import type { InstallProgress } from '../toolchain/install-progress.ts'
import { type CaseResult, type RuleTestReport, reportOf } from './case-results.ts'
import { runLogCases } from './log-cases.ts'
import { shownPath } from './log-test-format.ts'
import { judgeMetricCases } from './metric-cases.ts'
import { type RuleTests, readRuleTests, ruleFileIn, selectTests, type TestSelection } from './rule-tests.ts'
import { rulerEveryMs } from './ruler-interval.ts'

/** One run of the rule tests: what is selected, on a stack that is there for this run only. */

export interface RuleTestRequest extends TestSelection {
  readonly project: LoadedConfig
  /** Rules of another folder with the same file names, instead of the project's. */
  readonly alertsFolder?: string | undefined
  readonly signal: AbortSignal
  readonly progress?: InstallProgress | undefined
}

/**
 * @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID for a test or rule file; USAGE_UNKNOWN_NAME,
 *   USAGE_NO_CASE_MATCHES for a selection; TOOL_*, ENV_*, BACKEND_* for what the run needs; the signal's reason
 */
export async function runRuleTests(request: RuleTestRequest): Promise<RuleTestReport> {
  const startedAt = performance.now()
  const { project, signal } = request
  const shipped = join(project.root, project.config.sources.alerts)
  const folder = request.alertsFolder ?? shipped
  const tests = selectTests(readRuleTests(shipped, folder), request)
  const locations = await findTools(tests, request)
  const supervisor = await startSupervisor({
    folder: join(project.root, '.signalproof', 'rules', newRunId()),
    signal,
  })
  let cases: CaseResult[]
  try {
    const [logs, metrics] = await Promise.all([
      tests.logs.length === 0
        ? []
        : runLogCases({
            project,
            supervisor,
            commands: locations,
            tests,
            evaluationMs: rulerEveryMs(project),
            signal,
          }),
      Promise.all(
        tests.metrics.map(async ({ test, cases: selected }): Promise<CaseResult[]> => {
          const failures = await judgeMetricCases(test, selected, {
            promtool: locations.promtool,
            folder: join(supervisor.folder, 'data', 'promtool'),
            ruleFileOf: (file) => ruleFileIn(folder, shipped, file),
            placeOf: (alert) => placeOf(tests, alert),
            signal,
          })
          return selected.map(({ name, where }, index) => ({
            name,
            signal: 'metrics',
            file: shownPath(test.file),
            where,
            delivered: false,
            failures: failures[index] ?? [],
          }))
        }),
      ),
    ])
    cases = [...logs, ...metrics.flat()]
  } catch (thrown) {
    // The components' logs stay where their own words may be needed.
    await supervisor.stop()
    if (signal.aborted) rmSync(supervisor.folder, { recursive: true, force: true })
    signal.throwIfAborted()
    throw thrown
  }
  await supervisor.stop({ removeFolder: true })
  return reportOf(cases, performance.now() - startedAt)
}

async function findTools(tests: RuleTests, { signal, progress }: RuleTestRequest) {
  const names = [
    ...(tests.logs.length === 0 ? [] : (['loki', 'alertmanager'] as const)),
    ...(tests.metrics.length === 0 ? [] : (['prometheus'] as const)),
  ]
  const found = await installComponents(names, { signal, progress })
  const binaries: Record<string, string> = Object.assign({}, ...found.map((each) => each.binaries))
  return {
    loki: binaries.loki ?? '',
    alertmanager: binaries.alertmanager ?? '',
    promtool: binaries.promtool ?? '',
  }
}

function placeOf({ rules }: RuleTests, alert: string): string {
  return rules.find((rule) => rule.signal === 'metrics' && rule.alert === alert)?.lineOf('expr') ?? alert
}
