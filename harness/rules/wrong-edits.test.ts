import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { readYamlFile } from '../config/yaml-file.ts'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import type { RuleTestReport } from './case-results.ts'
import { applyWrongEdit, wrongEdits } from './wrong-edits-double.ts'

/** Each wrong edit of a shipped rule turns its case red, by the command that people run. */

const root = join(import.meta.dirname, '..', '..')
const alerts = join(root, 'alerts')

async function testRules(
  folder: string,
  file: string,
): Promise<{ exitCode: number; report: RuleTestReport }> {
  const run = await execa(
    process.execPath,
    ['harness/cli/main.ts', 'rules', 'test', join('alerts', 'tests', file), '--alerts', folder, '--json'],
    { cwd: root, reject: false },
  )
  expect(run.stdout, run.stderr).not.toBe('')
  return { exitCode: run.exitCode ?? -1, report: JSON.parse(run.stdout) as RuleTestReport }
}

describe.concurrent.each(wrongEdits)('$alert: $name', (wrongEdit) => {
  const { testFile = wrongEdit.file } = wrongEdit
  test(`turns red: ${wrongEdit.turnsRed}`, async () => {
    using folder = temporaryFolder()
    for (const signal of ['logs', 'metrics', 'slo'])
      cpSync(join(alerts, signal), join(folder.path, signal), { recursive: true })
    const edited = applyWrongEdit(readYamlFile(join(alerts, wrongEdit.file)), wrongEdit)
    writeFileSync(join(folder.path, wrongEdit.file), stringify(edited))
    const { exitCode, report } = await testRules(folder.path, testFile)
    expect(exitCode).toBe(1)
    expect(report.verdict).toBe('failed')
    const red = report.cases.filter(({ failures }) => failures.length > 0)
    const named = red.find(({ name }) => name === wrongEdit.turnsRed)
    expect(named, `red were ${red.map(({ name }) => name).join('; ') || 'none'}`).toBeDefined()
    expect(named?.failures.map(({ seen }) => seen).join('\n')).toMatch(new RegExp(wrongEdit.seen.source, 'm'))
    for (const { where, remedy } of named?.failures ?? []) {
      expect(where).toMatch(new RegExp(`^alerts/tests/.*${basename(testFile)}:\\d+$`))
      expect(remedy).not.toBe('')
    }
  })
})

test('the same command passes on the rules as they are', async () => {
  const run = await execa(process.execPath, ['harness/cli/main.ts', 'rules', 'test'], {
    cwd: root,
    reject: false,
  })
  expect(run.exitCode, run.stdout).toBe(0)
})

/** A project with two alerts on logs, whose configuration is that of this repository. */
function smallProject(files: Readonly<Record<string, string>> = {}): ReturnType<typeof temporaryFolder> {
  const folder = temporaryFolder({
    'alerts/alertmanager.yaml': 'route: { receiver: none }\nreceivers: [{ name: none }]\n',
    'alerts/logs/l.yaml': `groups:
  - name: l
    rules:
      - alert: Burst
        expr: sum by (app) (count_over_time({namespace="apps"}[5m])) > 1
        annotations: { summary: "{{ $value }} of {{ $labels.app }}" }
`,
    'alerts/metrics/m.yaml': 'groups: [{ name: m, rules: [{ alert: Lost, expr: "rate(up[10m]) > 1" }] }]\n',
    'alerts/tests/logs/l.yaml': `rules: ../../logs/l.yaml
cases:
  - name: two apps
    logs:
      - { app: a, at: 10s, count: 2, text: x }
      - { app: b, at: 10m, count: 3, text: x }
    expect:
      - { at: 20s, alert: Burst, firing: [{ labels: { app: a }, annotations: { summary: 2 of a } }] }
      - { at: 10m, alert: Burst, firing: [{ labels: { app: b }, annotations: { summary: 3 of b } }] }
`,
    ...files,
  })
  const manifests = relative(folder.path, join(root, 'manifests'))
  writeFileSync(
    join(folder.path, 'signalproof.config.ts'),
    `import config from ${JSON.stringify(join(root, 'signalproof.config.ts'))}
export default { ...config, sources: { alerts: 'alerts', manifests: ${JSON.stringify(manifests)} } }
`,
  )
  return folder
}

const testSmallProject = async (folder: string, ...args: string[]) =>
  await execa(process.execPath, [join(root, 'harness', 'cli', 'main.ts'), 'rules', 'test', ...args], {
    cwd: folder,
    reject: false,
    all: true,
  })

const runFolders = (folder: string): string[] => {
  const runs = join(folder, '.signalproof', 'rules')
  return existsSync(runs) ? readdirSync(runs) : []
}

/** `text` is a part of the log tests that is written otherwise. */
function smallProjectWith(text: string, otherwise: string): ReturnType<typeof temporaryFolder> {
  using whole = smallProject()
  const tests = readFileSync(join(whole.path, 'alerts', 'tests', 'logs', 'l.yaml'), 'utf8')
  expect(tests).toContain(text)
  return smallProject({ 'alerts/tests/logs/l.yaml': tests.replace(text, otherwise) })
}

describe.concurrent('a small project', () => {
  test('passes beside a metric rule with a window that no profile knows, and leaves no folder', async () => {
    using folder = smallProject()
    const { exitCode, all } = await testSmallProject(folder.path)
    expect(all).toMatch(/1 case, 1 through the ruler[\s\S]*1 of 1 case passed/)
    expect(exitCode).toBe(0)
    expect(runFolders(folder.path)).toEqual([])
  })

  test.each(['2 of a', '3 of b'])('the annotations of every moment are judged: %s', async (summary) => {
    using folder = smallProjectWith(summary, 'nonsense')
    const { exitCode, all } = await testSmallProject(folder.path)
    expect(all).toContain(`the annotation summary is "${summary}", not "nonsense"`)
    expect(exitCode).toBe(1)
    // The stack's own words stay, where the output says.
    const [run] = runFolders(folder.path)
    expect(all?.replaceAll(/\s+/g, ' ')).toContain(`are in .signalproof/rules/${run}/logs`)
    expect(readdirSync(join(folder.path, '.signalproof', 'rules', run ?? '', 'logs'))).toContain('loki.log')
  })

  test('lines after an hour are refused with their place before anything starts', async () => {
    using folder = smallProjectWith('at: 10m, count: 3', 'at: 30m, over: 40m, count: 3')
    const { exitCode, all } = await testSmallProject(folder.path)
    expect(all).toMatch(
      /^CONFIG_INVALID: expected lines less than 1h.*\n {2}at: {3}alerts\/tests\/logs\/l\.yaml:6\n/,
    )
    expect(exitCode).toBe(2)
    expect(existsSync(join(folder.path, '.signalproof'))).toBe(false)
  })

  test('a stack that does not start leaves its logs, and says where', async () => {
    using folder = smallProject({ 'alerts/alertmanager.yaml': 'route: { receiver: gone }\n' })
    const { exitCode, all } = await testSmallProject(folder.path)
    const [run] = runFolders(folder.path)
    expect(all).toMatch(/^ENV_COMPONENT_DIED/)
    expect(all).toContain(`.signalproof/rules/${run}/logs`)
    expect(exitCode).toBe(3)
  })

  test('a metric case that fails leaves no folder: no component ran', async () => {
    using folder = smallProject({
      'alerts/tests/metrics/m.yaml': `rule_files: [../../metrics/m.yaml]
evaluation_interval: 10s
tests:
  - { name: one, interval: 10s, alert_rule_test: [{ eval_time: 0s, alertname: Lost, exp_alerts: [{}] }] }
`,
    })
    const { exitCode, all } = await testSmallProject(folder.path, 'alerts/tests/metrics/m.yaml')
    expect(all).toContain('0 of 1 case passed')
    expect(exitCode).toBe(1)
    expect(runFolders(folder.path)).toEqual([])
  })

  test("what promtool does not read is said with the test file's own line, and leaves no folder", async () => {
    using folder = smallProject({
      'alerts/tests/metrics/m.yaml': `# of the rules
rule_files:
  - ../../metrics/m.yaml

evaluation_interval: 10s
tests:
  - name: one
    interval: 10s
    intervall: 10s
    alert_rule_test: [{ eval_time: 0s, alertname: Lost }]
`,
    })
    const { exitCode, all } = await testSmallProject(folder.path, 'alerts/tests/metrics/m.yaml')
    expect(all).toMatch(/at: {3}alerts\/tests\/metrics\/m\.yaml:9\n[\s\S]*line 9: field intervall not found/)
    expect(exitCode).toBe(2)
    expect(runFolders(folder.path)).toEqual([])
  })
})
