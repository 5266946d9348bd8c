import type { Agreement } from './agreement.ts'

/** An agreement says something only if the requests were of every kind. */

/** The least share of each status, about half of what the requests are made for. */
const leastShares: Readonly<Record<number, number>> = { 200: 0.2, 400: 0.2, 404: 0.06, 405: 0.02 }

/** Every code of an error that the contract has. */
const expectedCodes = [
  'repeated',
  'missing',
  'empty',
  'not_an_id',
  'not_a_date',
  'not_in_calendar',
  'outside_period',
  'before_start',
  'range_too_long',
  'unknown',
  'malformed_query',
  'not_found',
]

/** What the requests lacked to be worth their number, as sentences. */
export function missingShares({ requests, statuses, codes }: Agreement): string[] {
  const shares = Object.entries(leastShares).flatMap(([status, least]) => {
    const seen = statuses.get(Number(status)) ?? 0
    if (requests > 0 && seen / requests >= least) return []
    return [`expected at least ${percent(least)} of ${requests} answers to be ${status}; seen ${seen}`]
  })
  const missing = expectedCodes.filter((code) => !codes.has(code))
  return missing.length === 0
    ? shares
    : [...shares, `expected every error of the contract at least once; never seen: ${missing.join(', ')}`]
}

/** `400 requests, seed 7: 200 45 %, 400 30 %; errors: empty 12, …` */
export function sharesInWords({ seed, requests, statuses, codes }: Agreement): string {
  const shares = [...statuses]
    .toSorted(([a], [b]) => a - b)
    .map(([status, count]) => `${status} ${count} (${percent(count / requests)})`)
  const errors = expectedCodes.map((code) => `${code} ${codes.get(code) ?? 0}`)
  return `${requests} requests, seed ${seed}: ${shares.join(', ')}\nerrors: ${errors.join(', ')}`
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
