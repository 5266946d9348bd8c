import { expect, test } from 'vitest'
import { SignalproofError } from '../core/signalproof-error.ts'
import { rowDouble } from './claim-doubles.ts'
import type { ClaimBody } from './scheduler.ts'
import { schedulerOf } from './scheduler-double.ts'

const failure = (code: 'ENV_COMPONENT_DIED' | 'USAGE_BAD_VALUE' | 'INTERNAL' | 'WAIT_TIMEOUT') =>
  new SignalproofError(code, { expected: 'loki to last', seen: 'it died', remedy: 'look at its log' })

test('a break says expected, seen and try, and keeps evidence of that moment', async () => {
  const body: ClaimBody = ({ looked }) => {
    looked()
    expect([1, 2], 'lines of one request').toEqual([1])
  }
  const { scheduler, keepEvidence } = schedulerOf([rowDouble('a.root')], { 'a.root': body })
  const { record, thrown } = await scheduler.judge('a.root')
  expect(record).toMatchObject({ verdict: 'broken', lookups: 1, evidence: ['evidence/a.root/answers.json'] })
  expect(record.reason?.split('\n')).toEqual([
    expect.stringMatching(/^CLAIM_BROKEN: lines of one request/),
    '  expected: [1]',
    '  seen: [1,2]',
    '  try:  mend a.root',
  ])
  expect(thrown).toBeInstanceOf(Error)
  expect(keepEvidence).toHaveBeenCalledExactlyOnceWith('a.root')
})

test('a wait that ran out breaks a claim in its own words', async () => {
  const { verdictOf } = schedulerOf([rowDouble('a.root')], {
    'a.root': () => {
      throw failure('WAIT_TIMEOUT')
    },
  })
  expect(await verdictOf('a.root')).toMatchObject({
    verdict: 'broken',
    reason: failure('WAIT_TIMEOUT').message,
  })
})

test.each(['ENV_COMPONENT_DIED', 'USAGE_BAD_VALUE', 'INTERNAL'] as const)(
  '%s is no broken stack: the claim is blocked, and all behind it',
  async (code) => {
    const rows = [rowDouble('a.root'), rowDouble('a.later', 'a.root')]
    const { verdictOf, keepEvidence } = schedulerOf(rows, {
      'a.root': () => {
        throw failure(code)
      },
    })
    expect(await verdictOf('a.root')).toMatchObject({
      verdict: 'blocked',
      environmentFailed: true,
      reason: failure(code).message,
    })
    expect(await verdictOf('a.later')).toMatchObject({
      verdict: 'blocked',
      environmentFailed: true,
      reason: 'needs a.root, which is blocked: a.later cannot be judged without a.root',
    })
    expect(keepEvidence).not.toHaveBeenCalled()
  },
)

test('a skipped claim says why, and what needs it is skipped by its name', async () => {
  const rows = [rowDouble('a.root'), rowDouble('a.one', 'a.root'), rowDouble('a.two', 'a.one')]
  const { verdictOf } = schedulerOf(rows, { 'a.root': ({ skip }) => skip('this environment has no traces') })
  expect(await verdictOf('a.root')).toMatchObject({
    verdict: 'skipped',
    reason: 'this environment has no traces',
  })
  expect(await verdictOf('a.two')).toMatchObject({
    verdict: 'skipped',
    reason: 'needs a.root, which is skipped: a.two cannot be judged without a.one',
  })
})

test('a claim that never looked at anything is broken, not proven', async () => {
  const { verdictOf } = schedulerOf([rowDouble('a.root')], { 'a.root': () => {} })
  expect(await verdictOf('a.root')).toMatchObject({
    verdict: 'broken',
    reason: expect.stringMatching(
      /^CLAIM_BROKEN: expected a\.root to look at something\n.*seen: no look at all/,
    ),
  })
})

test('a row without a suite is an environment that cannot judge it', async () => {
  const { verdictOf } = schedulerOf([rowDouble('a.root')], { 'a.root': null })
  expect(await verdictOf('a.root')).toMatchObject({
    verdict: 'blocked',
    environmentFailed: true,
    reason: expect.stringMatching(
      /expected a suite that judges a\.root\n {2}seen: none in the scenario files/,
    ),
  })
})
