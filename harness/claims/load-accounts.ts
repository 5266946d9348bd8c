import type { AccountSources } from '../load/accounts/account-sources.ts'
import { allowanceMs, answerMs } from '../timeline/allowances.ts'
import { deadlineMs, lineArrival } from './deadlines.ts'
import type { Run } from './run.ts'

/** Where the accounts of a load are read in this run, with deadlines from the configuration in force. */
export async function accountSources(run: Run): Promise<AccountSources> {
  const { readyAt, counted } = await run.started()
  const { longestScrapeIntervalMs, longestScrapeTimeoutMs } = await run.timings()
  return {
    config: run.config,
    prometheus: run.prometheus,
    loki: run.loki,
    countedBy: (app) => run.countedBy(app),
    earlier: { atMs: readyAt, counted },
    deadlines: {
      // An ingress counts for as long as the stack's own interval without being scraped.
      scrapedMs: longestScrapeIntervalMs + longestScrapeTimeoutMs + allowanceMs,
      // Many lines are counted by one query.
      storedMs: deadlineMs(await lineArrival(run)) + answerMs,
    },
    signal: run.signal,
  }
}
