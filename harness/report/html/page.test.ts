import { expect, test } from 'vitest'
import { claimDouble, recordOf } from '../run-doubles.ts'
import { writeRunPage } from './page.ts'
import { loadPlots } from './panel-plot.ts'
import {
  brokenReason,
  brokenRecord,
  fullInput,
  hostile,
  inputOf,
  panelDouble,
  panelsDouble,
  provenRecord,
} from './report-doubles.ts'
import type { ReportInput } from './report-input.ts'

const pageOf = async (input: ReportInput) =>
  writeRunPage(input, input.panels === undefined ? undefined : await loadPlots(input.panels))

const titleOf = (page: string) => /<h1>(.*)<\/h1>/.exec(page)?.[1]?.replaceAll('<wbr>', '')

/** The text of the page as it is read, without its head. */
const textOf = (page: string) =>
  page
    .slice(page.indexOf('<body>'))
    .replaceAll('<wbr>', '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')

test.each<[string, ReportInput, string]>([
  ['proven', inputOf(provenRecord()), 'Proven: 2 claims hold.'],
  ['one claim', inputOf(recordOf([claimDouble('logs.a')])), 'Proven: 1 claim holds.'],
  [
    'skipped',
    inputOf(recordOf([claimDouble('logs.a'), claimDouble('logs.b', { verdict: 'skipped', reason: 'none' })])),
    'Proven: 1 claim holds, 1 skipped.',
  ],
  ['broken', inputOf(brokenRecord()), 'Broken at logs.stored, 2 blocked behind it.'],
  [
    'twice broken',
    inputOf(recordOf(['logs.a', 'logs.b'].map((id) => claimDouble(id, { verdict: 'broken', reason: 'x' })))),
    'Broken at logs.a and 1 more.',
  ],
  [
    'invalid',
    inputOf(brokenRecord(), {}, { interrupted: true }),
    'Invalid: nothing is said about the stack.',
  ],
])('the verdict is one sentence: %s', async (_, input, sentence) => {
  expect(titleOf(await pageOf(input))).toBe(sentence)
})

test('the broken claim, what to try and what was seen stand before everything else', async () => {
  const page = await pageOf(fullInput())
  const top = textOf(page.slice(0, page.indexOf('<nav')))
  expect(top).toContain('This does not hold: the sentence of logs.stored')
  expect(top).toMatch(/Try look at the log of the collector .* 2 of 9 lines are not there 1 is there twice/)
  expect(top).toContain('blocks 2 claims')
})

test('an invalid run blames no claim, says why, and what to try', async () => {
  const outsideClaims = [
    'ENV_COMPONENT_DIED: expected loki to run\n  seen: it ended with 1\n  try:  read its log',
  ]
  const page = await pageOf(inputOf(brokenRecord(), {}, { outsideClaims }))
  const top = textOf(page.slice(0, page.indexOf('<nav')))
  expect(top).toMatch(/Try read its log expected loki to run seen it ended with 1/)
  expect(top).not.toContain('does not hold')
  expect(page).not.toContain('class="is-first"')
})

test('a run without a claim is a page all the same', async () => {
  expect(textOf(await pageOf(inputOf([])))).toContain('claims proven none judged')
})

test('every section is there when there is something to say, and is not when there is nothing', async () => {
  const ids = (page: string) => [...page.matchAll(/<section id="([a-z]+)"/g)].map(([, id]) => id)
  expect(ids(await pageOf(fullInput()))).toEqual([
    'chain',
    'claims',
    'timelines',
    'panels',
    'alerts',
    'objectives',
    'load',
    'promises',
    'evidence',
    'components',
  ])
  expect(ids(await pageOf(inputOf(provenRecord())))).toEqual(['chain', 'claims', 'components'])
})

test('the sections say what the run found', async () => {
  const text = textOf(await pageOf(fullInput()))
  for (const words of [
    'quiet for 1500 ms',
    '700 ms of 1.9 s',
    'delivered after 4.5 s of 1.6 s',
    'seen as far as delivered',
    'poll + flush, at the latest 900 ms',
    'the sixth error of go from 19.0 s, for 6.0 s',
    '6 panels: 6 data. 90.0 s from left to right',
    'sum by (app) (rate(http_requests_total[$__rate_interval]))',
    'LogsErrorBurst ticket 2.0 s 3.0 s 8.0 s',
    'Watchdog deadman before it 1.0 s never',
    'six errors 12 1 0 0 0 0',
    'shop-availability missed shop · target 99 % · 15 of 1000 requests failed 150 % of the budget spent',
    'log-alert-delivered fast 2.5 s 2.0 s not kept',
    'The accounts part at loki: go: GET /v1 200: Prometheus has 100, Loki 98: 2 fewer',
    'GET /v1 200 90 10 100 100 98 differs',
    '100 requests in 10.0 s, 0 failed, 0 dropped',
    '--set loki:limits_config.x=1',
    'loki 3.7.8 built /cache/loki',
    'GET /v1 500',
    '19.0 kB more in evidence/logs.stored/lines.json',
  ])
    expect(text.replaceAll('\u00a0', ' ')).toContain(words)
})

test('hops within, late and over have bars that say so', async () => {
  const page = await pageOf(fullInput())
  for (const tightness of ['within', 'late', 'over']) expect(page).toContain(`<svg class="bar ${tightness}"`)
})

test('what could not be read is said at the top', async () => {
  const page = await pageOf(inputOf(provenRecord(), { unread: ['panels.json: cut short'] }))
  expect(textOf(page)).toContain('Not in this report: panels.json: cut short')
})

test('a page asks for nothing: no script, no address to load from, and a policy that forbids both', async () => {
  const page = await pageOf(fullInput())
  expect(page).toContain(
    `<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:">`,
  )
  expect(page).not.toMatch(
    /<(script|img|link|iframe|object|embed|form|base)\b|\son[a-z]+=|url\(|@import|javascript:/i,
  )
  const targets = [...page.matchAll(/(?:href|src|xlink:href)="([^"]*)"/g)].map(([, target]) => target)
  expect(targets.length).toBeGreaterThan(10)
  expect(targets.filter((target) => !target?.startsWith('#'))).toEqual([])
})

test('foreign text is text wherever it stands', async () => {
  const plain = fullInput()
  const input = replaceTexts(plain, hostile)
  const page = await pageOf(input)
  const tags = (text: string) =>
    new Set([...text.matchAll(/<([a-z][a-z0-9]*)[\s>]/gi)].map(([, name]) => name))
  // Not one element more than the same page with harmless text.
  expect([...tags(page)].filter((tag) => !tags(`${page0}`).has(tag))).toEqual([])
  expect(page).not.toMatch(/<script|<img|onerror='/)
  expect(page.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(60)
})

const page0 = await pageOf(fullInput())

/** Every text of the input with foreign text at its end, but for the words that say what it is. */
function replaceTexts<T>(value: T, suffix: string, key = ''): T {
  const words = [
    'verdict',
    'kind',
    'basis',
    'layer',
    'status',
    'startedAt',
    'place',
    'severity',
    'unit',
    'provenance',
    'id',
    'claim',
    'firstBroken',
    'needs',
    'reason',
  ]
  if (typeof value === 'string') return (words.includes(key) ? value : `${value}${suffix}`) as T
  if (Array.isArray(value)) return value.map((one) => replaceTexts(one, suffix, key)) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, replaceTexts(one, suffix, name)]),
  ) as T
}

test('foreign text in a reason is text in all of its parts', async () => {
  const reason = `CLAIM_BROKEN: ${hostile}\n  expected: ["${'<b>'}"]\n  seen: ${hostile}\n  try:  ${hostile}`
  const page = await pageOf(inputOf(brokenRecord(reason)))
  expect(page).not.toMatch(/<script|<img|<b>"/)
})

test('a reason that is pages long is folded', async () => {
  const page = await pageOf(
    inputOf(brokenRecord(`${brokenReason.split('\n')[0]}\n  seen: ${'x '.repeat(2_000)}\n  try:  y`)),
  )
  expect(textOf(page)).toContain('… all 3999 characters')
})

test('a panel that is wrong says why, with what to try; one that is empty by design says so', async () => {
  const wrong = panelDouble({
    title: 'Failed',
    verdict: 'broken',
    reason:
      'CLAIM_BROKEN: expected metrics that exist\n  seen: http_requets_total was never there\n  try:  correct the name',
    queries: [{ ...panelDouble().queries[0], series: [], verdict: 'broken' } as never],
  })
  const empty = panelDouble({
    verdict: 'empty by design',
    reason: 'no error is how good looks',
    queries: [{ ...panelDouble().queries[0], series: [], verdict: 'empty by design' } as never],
  })
  const lines = panelDouble({
    type: 'logs',
    queries: [{ ...panelDouble().queries[0], series: [], rows: 12 } as never],
  })
  const text = textOf(
    await pageOf(inputOf(provenRecord(), { panels: panelsDouble(0, { panels: [wrong, empty, lines] }) })),
  )
  expect(text).toContain('3 panels: 1 broken, 1 empty by design, 1 data')
  expect(text).toContain(
    'Failed broken no series expected metrics that exist seen http_requets_total was never there try correct the name',
  )
  expect(text).toContain('no error is how good looks')
  expect(text).toContain('12 rows, which have no plot')
})
