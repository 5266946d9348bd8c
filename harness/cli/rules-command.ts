import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { loadConfig } from '../config/load-config.ts'
import { exitStatus } from '../core/error-codes.ts'
import { describeThrown, SignalproofError } from '../core/signalproof-error.ts'
import { runRuleTests } from '../rules/run-rule-tests.ts'
import { writeCasesAsJunit, writeCasesAsText } from '../rules/write-cases.ts'
import { showInstall } from '../toolchain/progress-list.ts'
import { abortOnSignals } from './interruption.ts'

/** Adds `rules test [file...]`: the shipped alert rules judged by the cases in alerts/tests. */
export function addRulesCommand(program: Command): void {
  const rules = program
    .command('rules')
    .description('the alert rules: test them')
    .action(() => rules.help({ error: true }))
  rules
    .command('test')
    .argument('[file...]', 'test files of alerts/tests; without one, all of them')
    .description('judge the alert rules by their cases, on real components that live for this run only')
    .option('--case <pattern>', 'only cases whose name matches')
    .option('--alerts <folder>', 'take the rules from logs/ and metrics/ of another folder')
    .option('--junit <file>', 'write a report for CI as well')
    .option('--json', 'print the results for programs')
    .action(test)
}

interface TestFlags {
  readonly case?: string
  readonly alerts?: string
  readonly junit?: string
  readonly json?: boolean
}

async function test(files: readonly string[], flags: TestFlags): Promise<void> {
  const casePattern = readPattern(flags.case)
  const project = await loadConfig()
  const { signal } = abortOnSignals()
  const install = showInstall()
  try {
    const report = await runRuleTests({
      project,
      files,
      casePattern,
      alertsFolder: flags.alerts === undefined ? undefined : resolve(flags.alerts),
      signal,
      progress: install.progress,
    })
    if (flags.junit !== undefined) {
      mkdirSync(dirname(resolve(flags.junit)), { recursive: true })
      writeFileSync(flags.junit, writeCasesAsJunit(report))
    }
    const text =
      flags.json === true
        ? `${JSON.stringify(report, null, 2)}\n`
        : writeCasesAsText(report, process.stdout.columns ?? 80)
    process.stdout.write(text)
    process.exitCode = report.verdict === 'passed' ? exitStatus.proven : exitStatus.stack
  } finally {
    await install.end()
  }
}

function readPattern(pattern: string | undefined): RegExp | undefined {
  try {
    return pattern === undefined ? undefined : new RegExp(pattern)
  } catch (cause) {
    throw new SignalproofError('USAGE_BAD_VALUE', {
      expected: 'a regular expression',
      seen: describeThrown(cause),
      where: `--case ${pattern}`,
      remedy: 'escape what is meant as it stands',
      cause,
    })
  }
}
