import {
  accountsOf,
  answeredBetween,
  brokenAccounts,
  type ClaimWork,
  claim,
  expect,
  formatMs,
  lastScrapeBefore,
} from '../../harness/test.ts'
import { deletedPod, killedContainer, type SeenEnd } from '../stories/ended-pods.ts'

/** What ends loses nothing that it was able to hand over. */

function judgeEnd({ looked, keep, note }: ClaimWork, end: SeenEnd, mayMiss: number): void {
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

claim('changes.killed-container', async (work) => {
  const end = await killedContainer(work.run)
  const scrapedAt = lastScrapeBefore(end.series, end.beganAt)
  expect(scrapedAt, 'the time of the last scrape before the kill').not.toBeNull()
  judgeEnd(work, end, answeredBetween(end, scrapedAt ?? 0, end.backAt))
})

claim('changes.deleted-pod', async (work) => judgeEnd(work, await deletedPod(work.run), 0))
