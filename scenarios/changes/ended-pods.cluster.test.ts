import { answeredBetween, claim, expect, lastScrapeBefore } from '../../harness/test.ts'
import { deletedPod, killedContainer } from '../stories/ended-pods.ts'
import { judgeEnd } from '../stories/pod-accounts.ts'

/** What ends loses nothing that it was able to hand over. */

claim('changes.killed-container', async (work) => {
  const end = await killedContainer(work.run)
  const scrapedAt = lastScrapeBefore(end.series, end.beganAt)
  expect(scrapedAt, 'the time of the last scrape before the kill').not.toBeNull()
  judgeEnd(work, end, answeredBetween(end, scrapedAt ?? 0, end.backAt))
})

claim('changes.deleted-pod', async (work) => judgeEnd(work, await deletedPod(work.run), 0))
