import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { checkHouseRules, houseRuleBroken } from './house-rules.ts'

test.each([
  'harness/core/utils.ts',
  'harness/utils/clock.ts',
  'tools/string-helper.ts',
  'apps/a/common.py',
  'apps/a/Misc.go',
  'harness/kube/pod_manager.test.ts',
])('%s has a name that says nothing', (path) => {
  expect(houseRuleBroken(path, 1)).toMatch(
    `${path}: expected a name that says what the file is about; seen "`,
  )
})

test.each(['harness/core/clock.ts', 'harness/core/uncommon-errors.ts', 'apps/a/permissions.go'])(
  '%s is a good name',
  (path) => {
    expect(houseRuleBroken(path, 400)).toBeUndefined()
  },
)

test('a file of 401 lines is too long, data is not judged by its length', () => {
  expect(houseRuleBroken('harness/core/clock.ts', 401)).toBe(
    'harness/core/clock.ts: expected at most 400 lines; seen 401; try one file for each idea in it',
  )
  expect(houseRuleBroken('apps/contract/cases.json', 5_000)).toBeUndefined()
})

test('judges new files and not ignored, deleted or foreign ones; nothing to judge is refused', async () => {
  const root = mkdtempSync(join(tmpdir(), 'signalproof-house-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const put = (path: string, text: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  await execa('git', ['init', '--quiet'], { cwd: root })
  await expect(checkHouseRules(root)).rejects.toThrow('git knows none')

  put('.gitignore', 'ignored/')
  put('harness/short.ts', 'x\n'.repeat(400))
  put('harness/gone-utils.ts', '')
  await execa('git', ['add', '.'], { cwd: root })
  rmSync(join(root, 'harness/gone-utils.ts'))
  put('tools/ignored/utils.ts', '')
  put('docs/utils.ts', '')
  expect(await checkHouseRules(root)).toEqual([])

  put('harness/new.ts', 'x\n'.repeat(401))
  expect(await checkHouseRules(root)).toMatchObject([
    expect.stringContaining('harness/new.ts: expected at most 400'),
  ])
})
