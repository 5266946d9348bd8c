import { accountsOf, brokenAccounts, type ClaimWork, expect, formatMs } from '../../harness/test.ts'
import type { SeenEnd } from './ended-pods.ts'

/** Judges what is left of an app's telemetry when pods of it have ended. `mayMiss`: how many counts it may be short of. */
export function judgeEnd({ looked, keep, note }: ClaimWork, end: SeenEnd, mayMiss: number): void {
  looked()
  const accounts = accountsOf(end)
  keep(
    'accounts.json',
    JSON.stringify({ ...accounts, mayMiss, beganAt: end.beganAt, backAt: end.backAt }, null, 2),
  )
  keep('requests.json', JSON.stringify(end.sent, null, 1))
  keep('counters.json', JSON.stringify(end.series, null, 1))
  expect(brokenAccounts(accounts, mayMiss), `what is lost of ${end.app.name}`).toEqual([])
  const { answered, refused, uncounted } = accounts
  note(
    `${answered} answered requests: each has its line, ${uncounted > 0 ? `${uncounted} are not counted, of ${mayMiss} since the last scrape` : 'each is counted'}; ${refused} were not answered by the app in ${formatMs(end.backAt - end.beganAt)}`,
  )
}
