import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { type Agreement, compareApis } from './agreement.ts'
import { type AnswerWith, apiDoubles } from './api-double.ts'
import { readClinicData } from './clinic-data.ts'
import { apiRequests } from './request-arbitrary.ts'
import { missingShares, sharesInWords } from './request-shares.ts'

const requests = apiRequests(
  readClinicData(fileURLToPath(new URL('../../apps/contract/schedules.json', import.meta.url))),
)
/** As many as find what comes rarely; each of them is two requests to a server in this process. */
const runs = 200
vi.setConfig({ testTimeout: 30_000 })
const options = { seed: 11, runs, repeat: 'AGREEMENT_SEED=11 again' }

async function compared(v1: AnswerWith, v2: AnswerWith): Promise<Agreement> {
  await using doubles = await apiDoubles(v1, v2)
  return await compareApis(doubles.apis, requests, options)
}

const same: AnswerWith = () => ({})

test('two that answer the same agree on as many requests as were wanted', async () => {
  expect(await compared(same, same)).toMatchObject({ requests: runs, disagreement: undefined })
})

test('one byte is found, with the smallest request, both answers and the seed', async () => {
  const oneByteOff: AnswerWith = ({ url }) => (url?.includes('unit_id=') ? { body: '{"slots":[}]' } : {})
  const { disagreement, requests: asked } = await compared(same, oneByteOff)
  expect(asked).toBeLessThan(30)
  expect(disagreement?.split('\n')).toEqual([
    'expected both APIs to give the same answer',
    '  to:   GET /{version}/appoints/available-schedule?professional_id=ana-duarte&start=2026-01-01&end=2026-01-01&unit_id=baixa',
    '  seen: body, from byte 10 on:',
    '          v1 (Python) (12 bytes) "{\\"slots\\":[]}"',
    '          v2 (Go) (12 bytes) "{\\"slots\\":[}]"',
    expect.stringMatching(
      /^ {2}seed: 11, request \d+, made smaller \d+ times; the same again: AGREEMENT_SEED=11 again$/,
    ),
    '  try:  apps/contract/openapi.yaml says who is right; add a case to apps/contract/cases.json',
  ])
})

test('the same seed finds the same', async () => {
  const oneByteOff: AnswerWith = ({ url }) => (url?.includes('%') ? { body: '{"slots":[}]' } : {})
  const first = await compared(same, oneByteOff)
  expect((await compared(same, oneByteOff)).disagreement).toBe(first.disagreement)
})

const others: [string, AnswerWith, string][] = [
  ['status', () => ({ status: 500 }), 'status: v1 (Python) 200; v2 (Go) 500'],
  [
    'type',
    () => ({ headers: { 'content-type': 'text/plain' } }),
    'content-type: v1 (Python) application/json; v2 (Go) text/plain',
  ],
  ['Allow', () => ({ headers: { allow: 'GET' } }), 'allow: v1 (Python) none; v2 (Go) GET'],
  [
    'request id',
    () => ({ headers: { 'x-request-id': '' } }),
    'x-request-id: v1 (Python) a new one; v2 (Go) no id: ',
  ],
  [
    'trace',
    ({ headers }) => (headers.traceparent ? { headers: { traceparent: String(headers.traceparent) } } : {}),
    'traceparent: v1 (Python) a new trace, flags 00; v2 (Go) ',
  ],
  [
    'length of what HEAD leaves out',
    ({ method }) => (method === 'HEAD' ? { headers: { 'content-length': '13' } } : {}),
    'content-length: v1 (Python) 12; v2 (Go) 13',
  ],
]
test.each(others)('another %s is found', async (_what, v2, words) => {
  expect((await compared(same, v2)).disagreement).toContain(words)
})

test('an API that does not answer is named', async () => {
  const { apis } = await (async () => {
    await using ended = await apiDoubles(same, same)
    return ended
  })()
  const { disagreement } = await compareApis(apis, requests, options)
  expect(disagreement).toContain('no answer of v1 (Python): ')
  expect(disagreement).toContain('no answer of v2 (Go): ')
})

test('an answer that changes from time to time is said to', async () => {
  let asked = 0
  const once: AnswerWith = () => {
    asked += 1
    return asked === 5 ? { body: '{"slots":[}]' } : {}
  }
  expect((await compared(same, once)).disagreement).toContain('an answer changes from time to time')
})

test('requests of one kind alone prove nothing', async () => {
  const refusing: AnswerWith = () => ({
    status: 400,
    body: JSON.stringify({ errors: [{ code: 'missing' }, { code: 'empty' }] }),
  })
  const agreement = await compared(refusing, refusing)
  expect(agreement.disagreement).toBeUndefined()
  expect(missingShares(agreement)).toEqual([
    'expected at least 20 % of 200 answers to be 200; seen 0',
    'expected at least 6 % of 200 answers to be 404; seen 0',
    'expected at least 2 % of 200 answers to be 405; seen 0',
    'expected every error of the contract at least once; never seen: repeated, not_an_id, not_a_date, ' +
      'not_in_calendar, outside_period, before_start, range_too_long, unknown, malformed_query, not_found',
  ])
  expect(sharesInWords(agreement)).toContain('200 requests, seed 11: 400 200 (100 %)')
})

test('no requests prove nothing', () => {
  const none = { seed: 1, requests: 0, statuses: new Map(), codes: new Map(), disagreement: undefined }
  expect(missingShares(none)).toHaveLength(5)
})
