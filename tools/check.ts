/** `npm run check`: what can be said about the repository without running the stack. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { loadConfig } from '../harness/config/load-config.ts'
import { lintProject as lintDashboardsOfProject } from '../harness/dashboards/lint/lint-project.ts'
import { checkRules } from '../harness/rules/check-rules.ts'
import { staleSloFiles } from '../harness/slo/generated-files.ts'
import { lintProject } from '../harness/slo/lint/lint-project.ts'
import { checkHouseRules } from './house-rules.ts'
import { checkImportDirection, writeViolation } from './import-direction.ts'
import { type MissingBuild, missingBuilds } from './lock-file.ts'
import { checkManifests } from './manifests/check-manifests.ts'
import { errorTableStale } from './readme/error-table.ts'
import { type Check, runChecks } from './run-checks.ts'
import { lintWorkflows, workflowFiles } from './workflows/actionlint.ts'
import { workflowRulesBroken } from './workflows/workflow-rules.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

const colors = process.stdout.isTTY ? 'force' : 'off'

const checks: readonly Check[] = [
  command('format and lint', 'biome', 'ci', '--error-on-warnings', `--colors=${colors}`, '.'),
  command('types', 'tsc', '--noEmit', '-p', '.'),
  // As k6 runs them: with its globals, and without Node's.
  command('types of the workloads', 'tsc', '--noEmit', '-p', 'load'),
  {
    name: 'import direction',
    run: async () => checkImportDirection(root).violations.map(writeViolation).join('\n'),
  },
  command('unused code', 'knip'),
  { name: 'lock file', run: async () => lockFileGaps() },
  { name: 'alert rules', run: async () => (await checkRules(root)).join('\n') },
  { name: 'dashboards', run: async () => (await lintDashboardsOfProject(root)).join('\n') },
  { name: 'objectives', run: async () => (await lintProject(root)).join('\n') },
  { name: 'generated rules', run: async () => staleSloFiles(await loadConfig(root)).join('\n') },
  { name: 'manifests', run: async () => (await checkManifests(root)).join('\n') },
  { name: 'house rules', run: async () => (await checkHouseRules(root)).join('\n') },
  { name: 'workflows', run: checkWorkflows },
  {
    name: 'README',
    run: async () => errorTableStale('README.md', readFileSync(`${root}README.md`, 'utf8')),
  },
]

/** A check that is a program of node_modules/.bin: it fails by its exit code, and then its output is what is wrong. */
function command(name: string, file: string, ...args: readonly string[]): Check {
  const run = async () => {
    const options = { cwd: root, preferLocal: true, all: true, reject: false } as const
    const { failed, all, shortMessage } = await execa(file, args, options)
    return failed ? `${all}\n${shortMessage}` : ''
  }
  return { name, run }
}

async function checkWorkflows(): Promise<string> {
  const files = await workflowFiles(root)
  const linted = await lintWorkflows(root, root, files)
  return [linted, ...files.flatMap((file) => workflowRulesBroken(root, file))].filter(Boolean).join('\n')
}

function lockFileGaps(): string {
  const missing = missingBuilds(readFileSync(`${root}package-lock.json`, 'utf8'))
  const gap = ({ name, version, neededBy }: MissingBuild) =>
    `package-lock.json: expected an entry for ${name}@${version}, which ${neededBy} asks for; seen none; try npm run complete-lock-file`
  return missing.map(gap).join('\n')
}

const allPassed = await runChecks(checks, (line) => process.stdout.write(`${line}\n`))
process.exitCode = allPassed ? 0 : 1
