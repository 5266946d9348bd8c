import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import { evidenceBounds, readEvidence } from './read-evidence.ts'
import { readRun } from './read-run.ts'
import { accountsDouble, brokenRecord, inputOf, panelsDouble } from './report-doubles.ts'

const { result } = inputOf(brokenRecord())

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder(files)
  onTestFinished(() => folder[Symbol.dispose]())
  return folder.path
}

const ofRun = (files: Readonly<Record<string, string>> = {}) =>
  folderOf({ 'result.json': JSON.stringify(result), ...files })

test('a run is read as it was written, with its panels, accounts and evidence', () => {
  const read = readRun(
    ofRun({
      'panels.json': JSON.stringify(panelsDouble(2)),
      'load.json': JSON.stringify({ accounts: accountsDouble }),
      'evidence/logs.stored/lines.json': '{"a": 1}',
    }),
  )
  expect(read.result).toEqual(JSON.parse(JSON.stringify(result)))
  expect(read.panels?.panels).toHaveLength(2)
  expect(read.accounts?.balance.requests).toBe(100)
  expect(read.evidence).toEqual([
    {
      claim: 'logs.stored',
      path: 'evidence/logs.stored/lines.json',
      sizeBytes: 8,
      text: '{"a": 1}',
      leftOutBytes: 0,
    },
  ])
  expect(read.unread).toEqual([])
})

test('what is not there is left out; what cannot be read is said', () => {
  expect(readRun(ofRun())).toMatchObject({ panels: undefined, accounts: undefined, unread: [] })
  const damaged = readRun(ofRun({ 'panels.json': '{"panels": 3}', 'load.json': '{' }))
  expect(damaged).toMatchObject({ panels: undefined, accounts: undefined })
  expect(damaged.unread).toEqual([
    expect.stringMatching(/^load\.json: /),
    expect.stringMatching(/^panels\.json: /),
  ])
})

test('a result of before needs were written down has none', () => {
  const claims = result.claims.map(({ needs: _, after: __, ...claim }) => claim)
  const read = readRun(folderOf({ 'result.json': JSON.stringify({ ...result, claims }) }))
  expect(read.result.claims.every(({ needs, after }) => needs.length + after.length === 0)).toBe(true)
})

test.each([
  ['nothing', {}, 'CONFIG_UNREADABLE'],
  ['half a file', { 'result.json': '{"runId": ' }, 'CONFIG_UNREADABLE'],
  ['another version', { 'result.json': JSON.stringify({ ...result, schemaVersion: 2 }) }, 'CONFIG_INVALID'],
  ['no claims', { 'result.json': JSON.stringify({ ...result, claims: 'all' }) }, 'CONFIG_INVALID'],
])('%s is refused', (_, files, code) => {
  expect(() => readRun(folderOf(files as Record<string, string>))).toThrow(expect.objectContaining({ code }))
})

const withEvidence = (evidence: readonly string[]) => ({
  firstBroken: 'logs.stored',
  claims: result.claims.map((claim) => (claim.id === 'logs.stored' ? { ...claim, evidence } : claim)),
})

test('of a long file the begin is read, and never half a character', () => {
  const folder = folderOf({ 'evidence/a.txt': `x${'ä'.repeat(evidenceBounds.fileBytes)}` })
  const [file] = readEvidence(folder, withEvidence(['evidence/a.txt']))
  expect(file?.text?.endsWith('ä')).toBe(true)
  expect(file?.text).not.toContain('\ufffd')
  expect(Buffer.byteLength(file?.text ?? '') + (file?.leftOutBytes ?? 0)).toBe(file?.sizeBytes)
})

test('files of broken claims come first, and the room for all of them is bounded', () => {
  const names = Array.from({ length: 40 }, (_, index) => `evidence/p/${index}.txt`)
  const folder = folderOf(
    Object.fromEntries([...names, 'evidence/b.txt'].map((name) => [name, 'y'.repeat(20_000)])),
  )
  const { firstBroken, claims } = withEvidence(['evidence/b.txt'])
  const proven = claims.map((claim) =>
    claim.id === 'platform.ready' ? { ...claim, evidence: names } : claim,
  )
  const files = readEvidence(folder, { firstBroken, claims: proven })
  expect(files[0]?.path).toBe('evidence/b.txt')
  expect(files).toHaveLength(41)
  expect(files.reduce((sum, { text }) => sum + (text?.length ?? 0), 0)).toBeLessThanOrEqual(
    evidenceBounds.totalBytes,
  )
  expect(files.at(-1)).toMatchObject({ text: null, sizeBytes: 20_000, leftOutBytes: 20_000 })
})

test.each(['../secret.txt', '/etc/hostname', 'evidence/gone.txt', 'evidence/folder'])(
  '%s is not read',
  (path) => {
    const folder = join(folderOf({ 'secret.txt': 'a secret' }), 'run')
    mkdirSync(join(folder, 'evidence/folder'), { recursive: true })
    writeFileSync(join(folder, 'evidence/other.txt'), 'x')
    expect(readEvidence(folder, withEvidence([path]))).toEqual([
      { claim: 'logs.stored', path, sizeBytes: 0, text: null, leftOutBytes: 0 },
    ])
  },
)
