import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import { claimDouble, recordOf, resultOf } from '../run-doubles.ts'
import { tellCi } from './tell-ci.ts'

const result = resultOf(
  recordOf([
    claimDouble('logs.later', { verdict: 'broken', reason: 'later' }),
    claimDouble('alerts.a', { verdict: 'skipped', reason: 'no cluster: 100 %' }),
    claimDouble('alerts.b', { verdict: 'skipped', reason: 'no cluster: 100 %' }),
  ]),
)

const tell = (variables: Record<string, string>, what = result) => {
  const printed: string[] = []
  tellCi(what, variables, (text) => printed.push(text))
  return printed.join('')
}

test('annotates the broken claims, and what was skipped once a reason', () => {
  expect(tell({ GITHUB_ACTIONS: 'true' })).toBe(
    '::error title=logs.later is broken::the sentence of logs.later%0Alater\n' +
      '::notice title=2 skipped::no cluster: 100 %25: alerts.a, alerts.b\n',
  )
})

test('the first broken claim is the first error, whatever was judged before it', () => {
  const two = resultOf(
    recordOf([
      claimDouble('logs.first', { verdict: 'broken', reason: 'x' }),
      claimDouble('logs.second', { verdict: 'broken', reason: 'y' }),
    ]),
  )
  const swapped = { ...two, firstBroken: 'logs.second' }
  expect(tell({ GITHUB_ACTIONS: 'true' }, swapped)).toMatch(/^::error title=logs\.second is broken/)
})

test('an invalid run is one error that blames no claim', () => {
  const invalid = resultOf(recordOf([claimDouble('logs.a')]), { outsideClaims: ['loki died: code 1'] })
  expect(tell({ GITHUB_ACTIONS: 'true' }, invalid)).toBe(
    '::error title=invalid%3A nothing is said about the stack::loki died: code 1\n',
  )
})

test('the summary is added to what other steps wrote', () => {
  using folder = temporaryFolder()
  const file = join(folder.path, 'summary.md')
  writeFileSync(file, 'before\n')
  expect(tell({ GITHUB_STEP_SUMMARY: file })).toBe('')
  expect(readFileSync(file, 'utf8')).toMatch(/^before\n## ❌ broken/)
})

test('a summary that cannot be written is said, and ends nothing', () => {
  using folder = temporaryFolder()
  expect(tell({ GITHUB_STEP_SUMMARY: folder.path })).toContain(
    "the job's summary could not be written: EISDIR",
  )
})

test('nothing is said where no service listens', () => {
  expect(tell({})).toBe('')
})
