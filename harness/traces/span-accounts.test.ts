import { expect, test } from 'vitest'
import {
  countsSince,
  describeCounts,
  isAtRest,
  type SpanCounts,
  spansPartAt,
  spansStopAt,
} from './span-accounts.ts'

const expected = new Map([
  ['page', { answered: 10, called: 20 }],
  ['api', { answered: 70, called: 0 }],
])

const counts = (changes: Partial<SpanCounts> = {}): SpanCounts => ({
  apps: new Map([
    ['page', { ended: 30, exported: 30, dropped: 0 }],
    ['api', { ended: 70, exported: 70, dropped: 0 }],
  ]),
  collector: { accepted: 100, refused: 0, sent: 100, failed: 0 },
  store: { received: 100, discarded: 0 },
  ...changes,
})

const withApi = (api: Partial<{ ended: number; exported: number; dropped: number }>) =>
  new Map([...counts().apps, ['api', { ended: 70, exported: 70, dropped: 0, ...api }]])

test('places that have the same part nowhere', () => {
  expect(spansPartAt(expected, counts())).toBeNull()
})

test('without a request nothing agrees', () => {
  const nothing = {
    collector: { accepted: 0, refused: 0, sent: 0, failed: 0 },
    store: { received: 0, discarded: 0 },
  }
  expect(spansPartAt(new Map(), counts({ apps: new Map(), ...nothing }))).toBe(
    'no app got a request, so no span is expected',
  )
})

const partings: [string, Partial<SpanCounts>, string][] = [
  [
    'an app ends no span for some answers',
    { apps: withApi({ ended: 65 }) },
    'api answered 70 requests and made 0 calls: of 70 spans it ended 65, 5 fewer than there should be',
  ],
  [
    'an app ends more spans than it has requests',
    { apps: withApi({ ended: 140, exported: 140 }) },
    'api answered 70 requests and made 0 calls: of 70 spans it ended 140, 70 more than there should be',
  ],
  [
    'an app counts none',
    { apps: new Map([['page', { ended: 30, exported: 30, dropped: 0 }]]) },
    'api answered 70 requests and made 0 calls: of 70 spans it ended 0, 70 fewer than there should be',
  ],
  [
    'an app drops what its queue has no room for',
    { apps: withApi({ exported: 60, dropped: 10 }) },
    'api ended 70 spans: it exported 60 and dropped 10, 10 fewer than there should be',
  ],
  [
    'an app exports to nobody',
    { apps: withApi({ exported: 0 }) },
    'api ended 70 spans: it exported 0 and dropped 0, 70 fewer than there should be',
  ],
  [
    'the collector refuses',
    { collector: { accepted: 90, refused: 10, sent: 90, failed: 0 } },
    'the apps exported 100 spans: the collector accepted 90 and refused 10, 10 fewer than there should be',
  ],
  [
    'the collector takes spans of somebody else',
    { collector: { accepted: 101, refused: 0, sent: 101, failed: 0 } },
    'the apps exported 100 spans: the collector accepted 101 and refused 0, 1 more than there should be',
  ],
  [
    'the collector does not get rid of them',
    { collector: { accepted: 100, refused: 0, sent: 0, failed: 0 } },
    'the collector accepted 100 spans: it sent 0 and gave up 0, 100 fewer than there should be',
  ],
  [
    'the collector sends each twice',
    {
      collector: { accepted: 100, refused: 0, sent: 200, failed: 0 },
      store: { received: 200, discarded: 0 },
    },
    'the collector accepted 100 spans: it sent 200 and gave up 0, 100 more than there should be',
  ],
  [
    'Tempo does not have what was sent',
    { store: { received: 99, discarded: 0 } },
    'the collector sent 100 spans: Tempo received 99, 1 fewer than there should be',
  ],
  [
    'Tempo throws some away',
    { store: { received: 100, discarded: 3 } },
    'Tempo received 100 spans and discarded 3',
  ],
]
test.each(partings)('%s', (_, changes, words) => {
  expect(spansPartAt(expected, counts(changes))).toBe(words)
})

test('of several places the first one is named', () => {
  const everywhere = {
    apps: withApi({ exported: 0 }),
    collector: { accepted: 30, refused: 0, sent: 0, failed: 0 },
    store: { received: 7, discarded: 0 },
  }
  expect(spansPartAt(expected, counts(everywhere))).toMatch(/^api ended 70 spans: it exported 0/)
})

test('what was counted before a moment is left out', () => {
  const before = counts({ apps: new Map([['page', { ended: 5, exported: 4, dropped: 1 }]]) })
  expect(countsSince(counts(), before)).toEqual({
    apps: new Map([
      ['page', { ended: 25, exported: 26, dropped: -1 }],
      ['api', { ended: 70, exported: 70, dropped: 0 }],
    ]),
    collector: { accepted: 0, refused: 0, sent: 0, failed: 0 },
    store: { received: 0, discarded: 0 },
  })
})

test('spans are on their way while an app has not exported, or the collector not sent, what it has', () => {
  expect(isAtRest(counts())).toBe(true)
  expect(isAtRest(counts({ apps: withApi({ exported: 60, dropped: 10 }) }))).toBe(true)
  expect(isAtRest(counts({ apps: withApi({ exported: 60 }) }))).toBe(false)
  expect(isAtRest(counts({ collector: { accepted: 100, refused: 0, sent: 90, failed: 0 } }))).toBe(false)
  expect(isAtRest(counts({ collector: { accepted: 100, refused: 0, sent: 90, failed: 10 } }))).toBe(true)
})

test.each([
  [{}, null],
  [{ apps: withApi({ exported: 60 }) }, null],
  [{ apps: withApi({ ended: 0, exported: 0 }) }, 'api ends no span'],
  [{ apps: withApi({ exported: 0, dropped: 70 }) }, 'api exports none of its spans'],
  [{ collector: { accepted: 0, refused: 9, sent: 0, failed: 0 } }, 'the collector accepts no span'],
  [
    { collector: { accepted: 9, refused: 0, sent: 0, failed: 0 } },
    'the collector sends none of the spans that it accepted',
  ],
  [{ store: { received: 0, discarded: 0 } }, 'Tempo receives none of the spans that the collector sent'],
  [{ store: { received: 9, discarded: 9 } }, 'Tempo discards every span'],
])('names the first place that no span gets past (case %#)', (changes, words) => {
  expect(spansStopAt(counts(changes))).toBe(words)
})

test('says what every place has', () => {
  expect(describeCounts(counts())).toBe(
    'page ended 30, exported 30 and dropped 0; api ended 70, exported 70 and dropped 0; the collector accepted 100, sent 100 and gave up 0; Tempo received 100 and discarded 0',
  )
})
