import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import { brokenRecord, inputOf, panelsDouble } from './report-doubles.ts'
import { reportLine } from './report-line.ts'

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder(files)
  onTestFinished(() => folder[Symbol.dispose]())
  return folder.path
}

test('the report is written into the folder, and its place is said as the reader knows it', async () => {
  const folder = folderOf({
    'result.json': JSON.stringify(inputOf(brokenRecord()).result),
    'panels.json': JSON.stringify(panelsDouble(2)),
  })
  expect(await reportLine(folder, 'runs/r1')).toBe('runs/r1/report.html')
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('Broken at logs.<wbr>stored')
  expect(readdirSync(folder).sort()).toEqual(['panels.json', 'report.html', 'result.json'])
})

test('a report that cannot be written takes nothing from the run, and says so', async () => {
  expect(await reportLine(folderOf({ 'result.json': '{' }), 'runs/r1')).toMatch(
    /^could not be written: .*JSON/,
  )
})
