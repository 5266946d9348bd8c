import { cpSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
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
  test(`turns red: ${wrongEdit.turnsRed}`, async () => {
    using folder = temporaryFolder()
    for (const signal of ['logs', 'metrics'])
      cpSync(join(alerts, signal), join(folder.path, signal), { recursive: true })
    const edited = applyWrongEdit(readYamlFile(join(alerts, wrongEdit.file)), wrongEdit)
    writeFileSync(join(folder.path, wrongEdit.file), stringify(edited))
    const { exitCode, report } = await testRules(folder.path, wrongEdit.file)
    expect(exitCode).toBe(1)
    expect(report.verdict).toBe('failed')
    const red = report.cases.filter(({ failures }) => failures.length > 0)
    const named = red.find(({ name }) => name === wrongEdit.turnsRed)
    expect(named, `red were ${red.map(({ name }) => name).join('; ') || 'none'}`).toBeDefined()
    expect(named?.failures.map(({ seen }) => seen).join('\n')).toMatch(new RegExp(wrongEdit.seen.source, 'm'))
    for (const { where, remedy } of named?.failures ?? []) {
      expect(where).toMatch(new RegExp(`^alerts/tests/.*${basename(wrongEdit.file)}:\\d+$`))
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
