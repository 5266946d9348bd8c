import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { removeOldRuns } from './run-folders.ts'

test('the newest three runs that are over stay, and one that goes on', () => {
  using folder = temporaryFolder({
    '20260101-a/data/loki': '',
    '20260102-b/logs/loki.log': '',
    '20260103-c/logs/loki.log': '',
    '20260104-d/logs/loki.log': '',
    '20260105-e/logs/loki.log': '',
    '20260106-f/logs/loki.log': '',
  })
  removeOldRuns(folder.path)
  expect(readdirSync(folder.path).sort()).toEqual(['20260101-a', '20260104-d', '20260105-e', '20260106-f'])
})

test('no folder is nothing to remove', () => {
  expect(() => removeOldRuns('/nowhere/at/all')).not.toThrow()
})
