import { rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { LoadedConfig } from '../config/load-config.ts'
import { newRunId } from '../core/run-id.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { type Supervisor, startSupervisor } from '../environments/process/supervisor-client.ts'
import { installComponents } from '../toolchain/install-components.ts'
import type { InstallProgress } from '../toolchain/install-progress.ts'
import { type CaseResult, type RuleTestReport, reportOf } from './case-results.ts'
import { readFastRules } from './fast-rules.ts'
import { requireJudgeable } from './log-case-limits.ts'
import { runLogCases } from './log-cases.ts'
import { shownPath } from './log-test-format.ts'
import { judgeMetricCases } from './metric-cases.ts'
import { type RuleTests, readRuleTests, ruleFileIn, selectCases } from './rule-tests.ts'
import { rulerEveryMs } from './ruler-interval.ts'
import { removeOldRuns } from './run-folders.ts'

/** One run of the rule tests: what is selected, on a stack that is there for this run only. */

export interface RuleTestRequest {
  /** Test files from the working directory; none means all. */
  readonly files: readonly string[]
  /** Only cases whose name matches. */
  readonly casePattern?: RegExp | undefined
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
  const tests = selectCases(readRuleTests(shipped, folder, request.files), request.casePattern)
  // All that can be refused is refused before anything is installed or started.
  const logInputs = readLogInputs(tests, project)
  const locations = await findTools(tests, request)
  const supervisor = await startSupervisor({
    folder: join(project.root, '.signalproof', 'rules', newRunId()),
    signal,
  })
  let cases: CaseResult[]
  try {
    const [logs, metrics] = await Promise.all([
      logInputs === undefined
        ? []
        : runLogCases({ project, supervisor, commands: locations, tests, ...logInputs, signal }),
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
    const isOfStack = logInputs !== undefined && !signal.aborted && isAboutStack(thrown)
    await end(supervisor, isOfStack)
    signal.throwIfAborted()
    throw isOfStack ? withLogs(thrown, supervisor.folder) : thrown
  }
  // The components' own words say more about a failed case; where no component ran, there are none.
  const isKept = cases.some(({ signal: of, failures }) => of === 'logs' && failures.length > 0)
  await end(supervisor, isKept)
  const logs = isKept ? relative(process.cwd(), join(supervisor.folder, 'logs')) : null
  return reportOf(cases, performance.now() - startedAt, logs)
}

/** What log cases need beside themselves; undefined where none is selected. */
function readLogInputs(tests: RuleTests, project: LoadedConfig) {
  if (tests.logs.length === 0) return undefined
  const evaluationMs = rulerEveryMs(project)
  requireJudgeable(
    tests.logs.flatMap(({ cases }) => cases),
    evaluationMs,
  )
  return { evaluationMs, fastRules: readFastRules(tests) }
}

async function end(supervisor: Supervisor, isKept: boolean): Promise<void> {
  await supervisor.stop({ removeFolder: !isKept })
  // One that has ended by itself was not there to be asked.
  if (!isKept) rmSync(supervisor.folder, { recursive: true, force: true })
  removeOldRuns(dirname(supervisor.folder))
}

const isAboutStack = (thrown: unknown): thrown is SignalproofError =>
  thrown instanceof SignalproofError && /^(?:ENV|BACKEND)_/.test(thrown.code)

function withLogs(error: SignalproofError, folder: string): SignalproofError {
  const where = `${error.account.where === undefined ? '' : `${error.account.where}; `}logs of the stack in ${relative(process.cwd(), join(folder, 'logs'))}`
  return new SignalproofError(error.code, { ...error.account, where, cause: error })
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
