import { expect, test } from 'vitest'
import { claimDouble } from '../run-doubles.ts'
import type { ResultClaim } from '../run-result.ts'
import { behind, columnsOf, edgesOf } from './chain.ts'
import { chainSection } from './chain-section.ts'
import { brokenRecord, inputOf, provenRecord } from './report-doubles.ts'

const claim = (id: string, needs: readonly string[] = [], verdict: ResultClaim['verdict'] = 'proven') => ({
  ...claimDouble(id, { verdict }),
  needs,
  after: [],
})

const names = (claims: readonly ResultClaim[]) =>
  edgesOf(claims).map(({ from, to, isBroken }) => `${from.id} → ${to.id}${isBroken ? ' broken' : ''}`)

test('a need that follows from another one is not drawn', () => {
  expect(names([claim('a.a'), claim('a.b', ['a.a']), claim('a.c', ['a.a', 'a.b'])])).toEqual([
    'a.a → a.b',
    'a.b → a.c',
  ])
})

test('one broken line leads to each blocked claim, by the shortest way', () => {
  const claims = [
    claim('a.a', [], 'broken'),
    claim('a.b', ['a.a'], 'blocked'),
    claim('a.c', ['a.b'], 'blocked'),
    claim('a.d', ['a.a', 'a.c'], 'blocked'),
    claim('a.e'),
  ]
  expect(names(claims)).toEqual(['a.a → a.b broken', 'a.b → a.c broken', 'a.a → a.d broken', 'a.c → a.d'])
})

test('a proven run has no broken line, and a need that is not of the run no line at all', () => {
  expect(names([claim('a.a', ['x.gone']), claim('a.b', ['a.a'])])).toEqual(['a.a → a.b'])
})

test('needs in a ring end', () => {
  expect(edgesOf([claim('a.a', ['a.b']), claim('a.b', ['a.a'])])).toHaveLength(2)
})

test('behind a broken claim is what needs it, directly or not, wherever it stands; what was judged is not', () => {
  const claims = [
    claim('a.late', ['a.mid'], 'blocked'),
    claim('a.mid', ['a.bad'], 'blocked'),
    claim('a.bad', [], 'broken'),
    claim('a.other', ['a.bad'], 'proven'),
  ]
  expect(behind('a.bad', claims).map(({ id }) => id)).toEqual(['a.late', 'a.mid'])
})

test('columns are filled in the order of the layers, and a long layer goes on in the next', () => {
  const claims = [...'abcdef'].map((name) => claim(`alerts.${name}`)).concat(claim('platform.p'))
  const columns = columnsOf(claims, 2).map((column) =>
    column.map((item) =>
      item.kind === 'claim' ? item.claim.id : `${item.layer}${item.isContinued ? ' …' : ''}`,
    ),
  )
  expect(columns).toEqual([
    ['platform', 'platform.p', 'alerts', 'alerts.a', 'alerts.b'],
    ['alerts …', 'alerts.c', 'alerts.d', 'alerts.e', 'alerts.f'],
  ])
})

test.each([1, 3, 5])('in %i columns every claim stands once', (columns) => {
  const claims = Array.from({ length: 70 }, (_, index) => claim(`l${index % 7}.c${index}`))
  const filled = columnsOf(claims, columns)
  expect(filled.length).toBeLessThanOrEqual(columns)
  const drawn = filled.flat().flatMap((item) => (item.kind === 'claim' ? [item.claim.id] : []))
  expect(drawn.toSorted()).toEqual(claims.map(({ id }) => id).toSorted())
})

test('the picture says in words what is broken and what it blocks; of a proven run it draws nothing in red', () => {
  const broken = chainSection(inputOf(brokenRecord()).result)?.text ?? ''
  expect(broken).toContain('1 broken, 2 blocked')
  expect(broken).toContain(
    'The first broken one is logs.stored. Not judged for it: logs.counted, alerts.fires.',
  )
  expect(broken).toContain('class="breaks"')
  const proven = chainSection(inputOf(provenRecord()).result)?.text ?? ''
  expect(proven).toContain('2 claims in 2 layers: 2 proven, 0 broken')
  expect(proven).not.toMatch(/class="breaks"|class="first"|NaN|undefined/)
  expect(chainSection(inputOf([]).result)).toBeUndefined()
})
