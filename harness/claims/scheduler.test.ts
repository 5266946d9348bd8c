import { expect, test, vi } from 'vitest'
import { found, notYet } from '../core/eventually.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { rowDouble } from './claim-doubles.ts'
import type { ClaimBody } from './scheduler.ts'
import { breaks, proves, schedulerOf } from './scheduler-double.ts'

test('a claim starts once all that it needs is proven, whichever is asked for first', async () => {
  const { moments, verdictOf } = schedulerOf([
    rowDouble('a.last', 'a.mid'),
    rowDouble('a.mid', 'a.first'),
    rowDouble('a.first'),
  ])
  expect(await verdictOf('a.last')).toMatchObject({ verdict: 'proven' })
  expect(moments).toEqual([
    'a.first starts',
    'a.first proven',
    'a.mid starts',
    'a.mid proven',
    'a.last starts',
    'a.last proven',
  ])
})

test('claims that do not need one another overlap', async () => {
  const meeting = Promise.withResolvers<void>()
  const arrived = new Set<string>()
  const meets =
    (name: string): ClaimBody =>
    async ({ looked }) => {
      looked()
      arrived.add(name)
      if (arrived.size === 2) meeting.resolve()
      await meeting.promise
    }
  const { scheduler } = schedulerOf([rowDouble('a.one'), rowDouble('a.two')], {
    'a.one': meets('one'),
    'a.two': meets('two'),
  })
  const judged = await Promise.all(['a.one', 'a.two'].map((id) => scheduler.judge(id)))
  expect(judged.map(({ record }) => record.verdict)).toEqual(['proven', 'proven'])
})

test('what a claim waits for is told under its own id, for as long as it waits', async () => {
  let looks = 0
  const { moments, scheduler } = schedulerOf([rowDouble('a.one')], {
    'a.one': ({ within }) =>
      within('the second look', () => (++looks === 2 ? found(looks) : notYet('the first')), {
        worstCaseMs: 0,
        allowanceMs: 1000,
      }).then(() => {}),
  })
  await scheduler.judge('a.one')
  expect(moments).toEqual([
    'a.one starts',
    'a.one waits for the second look',
    'a.one has waited',
    'a.one proven',
  ])
})

test('a claim is judged once, however often and by however many it is asked for', async () => {
  const body = vi.fn(proves)
  const { scheduler, records } = schedulerOf(
    [rowDouble('a.root'), rowDouble('a.x', 'a.root'), rowDouble('a.y', 'a.root')],
    { 'a.root': body },
  )
  await Promise.all(['a.x', 'a.root', 'a.y', 'a.root'].map((id) => scheduler.judge(id)))
  expect(body).toHaveBeenCalledTimes(1)
  expect(records.map(({ id }) => id).sort()).toEqual(['a.root', 'a.x', 'a.y'])
})

test('a claim behind a broken one is blocked with the sentence of the need, and is not run', async () => {
  const later = vi.fn(proves)
  const { moments, verdictOf } = schedulerOf([rowDouble('a.root'), rowDouble('b.later', 'a.root')], {
    'a.root': breaks,
    'b.later': later,
  })
  expect(await verdictOf('b.later')).toEqual({
    id: 'b.later',
    layer: 'b',
    title: 'the sentence of b.later',
    verdict: 'blocked',
    reason: 'needs a.root, which is broken: b.later cannot be judged without a.root',
    startedAt: expect.any(Number),
    ms: expect.any(Number),
    lookups: 0,
  })
  expect(later).not.toHaveBeenCalled()
  expect(moments).not.toContain('b.later starts')
})

test('a long chain of blocks names its first link, and that it is broken', async () => {
  const rows = [
    rowDouble('a.root'),
    rowDouble('a.one', 'a.root'),
    rowDouble('a.two', 'a.one'),
    rowDouble('a.three', 'a.two'),
  ]
  const { verdictOf } = schedulerOf(rows, { 'a.root': breaks })
  expect(await verdictOf('a.three')).toMatchObject({
    verdict: 'blocked',
    reason: 'needs a.root, which is broken: a.three cannot be judged without a.two',
  })
})

test.each(['a.nothing', 'a.orphan'])('a claim that is not in the table is refused: %s', async (id) => {
  const { scheduler } = schedulerOf([rowDouble('a.orphan', 'a.nothing')])
  await expect((async () => scheduler.judge(id))()).rejects.toMatchObject({
    code: 'USAGE_UNKNOWN_NAME',
    account: { seen: 'a.nothing' },
  })
})

test("a claim's time runs from the moment all it needs is proven to its verdict", async () => {
  const { records, scheduler } = schedulerOf([rowDouble('a.root'), rowDouble('a.later', 'a.root')])
  await scheduler.judge('a.later')
  const [root, later] = records
  expect(root?.ms).toBe(1)
  expect(later?.startedAt).toBeGreaterThan((root?.startedAt ?? 0) + (root?.ms ?? 0))
})

test('a claim comes after those that its fault would disturb, whatever their verdict', async () => {
  const { moments, verdictOf } = schedulerOf(
    [
      { ...rowDouble('a.outage'), after: ['a.fragile', 'a.broken'] },
      rowDouble('a.fragile'),
      rowDouble('a.broken'),
    ],
    { 'a.broken': breaks },
  )
  expect(await verdictOf('a.outage')).toMatchObject({ verdict: 'proven' })
  expect(moments.slice(-2)).toEqual(['a.outage starts', 'a.outage proven'])
  expect(moments).toEqual(expect.arrayContaining(['a.fragile proven', 'a.broken broken']))
})

test('a claim that says it disturbs nothing more is not waited for by those that come after it, but by those that need it', async () => {
  const { promise: told, resolve: tell } = Promise.withResolvers<void>()
  const rows = [
    rowDouble('a.outage'),
    { ...rowDouble('a.after'), after: ['a.outage'] },
    rowDouble('a.needing', 'a.outage'),
  ]
  const { scheduler, moments, records } = schedulerOf(rows, {
    'a.outage': async ({ looked, disturbsNothingMore }) => {
      looked()
      disturbsNothingMore()
      await told
    },
  })
  const needing = scheduler.judge('a.needing')
  await scheduler.judge('a.after')
  expect(moments).toEqual(['a.outage starts', 'a.after starts', 'a.after proven'])
  tell()
  await needing
  expect(moments.slice(3)).toEqual(['a.outage proven', 'a.needing starts', 'a.needing proven'])
  const outage = records.find(({ id }) => id === 'a.outage')
  expect(outage?.calmAfterMs).toBeLessThan(outage?.ms ?? 0)
})

test('a claim brings nothing into a run by coming after it', async () => {
  const { scheduler, records } = schedulerOf([{ ...rowDouble('a.outage'), after: ['a.elsewhere'] }])
  expect((await scheduler.judge('a.outage')).record.verdict).toBe('proven')
  expect(records.map(({ id }) => id)).toEqual(['a.outage'])
})

test('a claim that the environment cannot judge is skipped with the reason, and is not run; so is what needs it', async () => {
  const body = vi.fn(proves)
  const rows = [rowDouble('a.root'), rowDouble('a.fault', 'a.root'), rowDouble('a.later', 'a.fault')]
  const { verdictOf } = schedulerOf(rows, { 'a.root': breaks, 'a.fault': body }, ({ id }) =>
    id === 'a.fault' ? 'no fault may be made here' : undefined,
  )
  // Also where what it needs is broken: nothing could make it judged.
  expect(await verdictOf('a.fault')).toMatchObject({
    verdict: 'skipped',
    reason: 'no fault may be made here',
  })
  expect(await verdictOf('a.later')).toMatchObject({
    verdict: 'skipped',
    reason: expect.stringContaining('needs a.fault, which is skipped'),
  })
  expect(body).not.toHaveBeenCalled()
})

test('a claim that breaks once the environment has failed is blocked, for that reason', async () => {
  let end: SignalproofError | undefined
  const died = new SignalproofError('ENV_COMPONENT_DIED', {
    expected: 'loki to run until the environment is stopped',
    seen: 'it ended with SIGKILL',
    remedy: 'look at its log',
  })
  const { verdictOf, keepEvidence } = schedulerOf(
    [rowDouble('a.before'), rowDouble('a.after')],
    {
      'a.before': breaks,
      'a.after': (work) => {
        end = died
        return breaks(work)
      },
    },
    undefined,
    () => end,
  )
  expect(await verdictOf('a.before')).toMatchObject({ verdict: 'broken' })
  expect(await verdictOf('a.after')).toMatchObject({
    verdict: 'blocked',
    environmentFailed: true,
    reason: died.message,
  })
  expect(keepEvidence).toHaveBeenCalledTimes(1)
})
