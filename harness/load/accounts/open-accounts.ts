import { epochMs } from '../../core/clock.ts'
import { eventually, found, notYet } from '../../core/eventually.ts'
import type { CountKey } from '../../traffic/request-ledger.ts'
import type { AnswerCount, LoadRoute } from '../load-figures.ts'
import type { AccountSources } from './account-sources.ts'
import { answersOfApps, causedRequests } from './caused-requests.ts'
import { type ClosedAccounts, closeAccounts, isTimeout } from './close-accounts.ts'
import { countedMore, sumOf } from './count-answers.ts'
import { lokiCounts } from './loki-counts.ts'
import { scrapedSince } from './scraped-since.ts'

/** The accounts of one load: opened at a quiet moment before it and closed at one after it. */
export interface OpenAccounts {
  /** A whole epoch ms: what was answered before it is counted, scraped and stored. */
  readonly openedAt: number
  /** Waits for what is still on its way; `answers` are the client's. Nobody else may have sent requests meanwhile. */
  close(answers: readonly AnswerCount[]): Promise<ClosedAccounts>
}

/**
 * Has to be called while no request is on its way, and none but those of the load may be sent until they are closed.
 * @throws SignalproofError CONFIG_INVALID for routes that cannot be told apart, BACKEND_* for a place that does not answer
 */
export async function openAccounts(
  sources: AccountSources,
  routes: readonly LoadRoute[],
): Promise<OpenAccounts> {
  const causes = causedRequests(sources.config.apps, routes)
  const quietSince = epochMs()
  const counted = new Map(
    await Promise.all(
      sources.config.apps.map(async ({ name }) => [name, await sources.countedBy(name)] as const),
    ),
  )
  await Promise.all([
    scrapedSince(sources, quietSince).catch(leaveToTheEnd),
    everyLineStored(sources, counted).catch(leaveToTheEnd),
  ])
  const openedAt = Math.ceil(epochMs())
  return {
    openedAt,
    close: (answers) =>
      closeAccounts({ sources, counted, openedAt, causes, client: answersOfApps(answers, routes) }),
  }
}

/** What a place lacks before the load it lacks at its end as well, where it is judged. */
function leaveToTheEnd(thrown: unknown): void {
  if (!isTimeout(thrown)) throw thrown
}

/** A line of an earlier request that came later would be taken for one of the load. */
async function everyLineStored(
  sources: AccountSources,
  counted: ReadonlyMap<string, ReadonlyMap<CountKey, number>>,
): Promise<void> {
  const { earlier, deadlines, config, signal: runSignal } = sources
  const since = (app: string) =>
    countedMore(app, earlier.counted.get(app) ?? new Map(), counted.get(app) ?? new Map())
  const wanted = sumOf(config.apps.flatMap(({ name }) => since(name)))
  await eventually(
    `${wanted} lines in Loki`,
    async (signal) => {
      const range = { sinceMs: Math.floor(earlier.atMs), nowMs: Math.ceil(epochMs()), signal }
      const stored = sumOf(await lokiCounts(sources, range))
      return stored >= wanted ? found(stored) : notYet(`${stored} lines`)
    },
    {
      withinMs: deadlines.storedMs,
      everyMs: 100,
      remedy: 'look at the log of the collector',
      signal: runSignal,
    },
  )
}
