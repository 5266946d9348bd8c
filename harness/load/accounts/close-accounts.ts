import { epochMs } from '../../core/clock.ts'
import { eventually, found, holds, type Look, notYet } from '../../core/eventually.ts'
import { SignalproofError } from '../../core/signalproof-error.ts'
import type { CountKey } from '../../traffic/request-ledger.ts'
import type { Accounts, CausedRequest } from './account-figures.ts'
import type { AccountSources } from './account-sources.ts'
import { type Balance, balance } from './balance.ts'
import { countedMore, kindOfAnswer, mergeAnswers } from './count-answers.ts'
import { type GrowthWindow, growthSince } from './counter-growth.ts'
import { describeParting } from './difference.ts'
import { ingressCounts } from './ingress-counts.ts'
import { lokiCounts } from './loki-counts.ts'
import { readServerLatency, type ServerLatency } from './server-latency.ts'

/** What every place had counted of a load in the end. */
export interface ClosedAccounts {
  readonly openedAt: number
  readonly closedAt: number
  /** How long after the load every place had everything; null where that never came. */
  readonly drainedMs: number | null
  readonly accounts: Accounts
  readonly balance: Balance
  readonly latency: ServerLatency
}

export interface Closing {
  readonly sources: AccountSources
  /** What each app had counted when the accounts were opened. */
  readonly counted: ReadonlyMap<string, ReadonlyMap<CountKey, number>>
  readonly openedAt: number
  readonly causes: readonly CausedRequest[]
  readonly client: Accounts['client']
}

interface Seen {
  readonly accounts: Accounts
  readonly balance: Balance
}

/** One look asks every place; nobody needs it more often. */
const lookEveryMs = 250

/**
 * Waits until every place has the same, and then for as long as a line may take: what is counted twice comes late. Where
 * they never agree, the last look says where they part.
 * @throws SignalproofError WAIT_TIMEOUT, BACKEND_* where a place cannot be asked at all
 */
export async function closeAccounts(closing: Closing): Promise<ClosedAccounts> {
  const { sources, openedAt } = closing
  const { deadlines, signal } = sources
  let last: Seen | undefined
  const look = async (lookSignal: AbortSignal): Promise<Look<Seen>> => {
    const seen = await lookAtPlaces(closing, lookSignal)
    last = seen
    const { partedAt } = seen.balance
    return partedAt === null ? found(seen) : notYet(describeParting(partedAt))
  }
  const remedy = 'look at the place that is named, and at its log'
  const withinMs = deadlines.scrapedMs + deadlines.storedMs
  let drainedMs: number | null = null
  try {
    const waiting = { withinMs, lastLookMs: withinMs, everyMs: lookEveryMs, remedy, signal }
    drainedMs = (await eventually('every place to have counted the same', look, waiting)).usedMs
    await holds('every place has counted the same', look, {
      forMs: deadlines.storedMs,
      everyMs: lookEveryMs,
      remedy,
      signal,
    })
  } catch (thrown) {
    // A difference is the claim's to judge; a place that could not be asked has no account.
    const isDifference = isTimeout(thrown) || isBrokenHold(thrown)
    if (!isDifference || last === undefined || last.balance.partedAt === null) throw thrown
  }
  if (last === undefined) throw new Error('expected a look at every place, seen: none')
  const window = windowOf(closing, epochMs(), signal)
  return {
    openedAt,
    closedAt: epochMs(),
    drainedMs,
    ...(last as Seen),
    latency: await readServerLatency(sources, window),
  }
}

export const isTimeout = (thrown: unknown): boolean =>
  thrown instanceof SignalproofError && thrown.code === 'WAIT_TIMEOUT'

const isBrokenHold = (thrown: unknown): boolean =>
  thrown instanceof SignalproofError && thrown.code === 'HOLD_BROKEN'

const windowOf = ({ openedAt, sources }: Closing, nowMs: number, signal?: AbortSignal): GrowthWindow => ({
  sinceMs: openedAt,
  nowMs,
  // The last scrape before the accounts were opened is not older than this.
  reachBackMs: sources.deadlines.scrapedMs,
  signal,
})

async function lookAtPlaces(closing: Closing, signal: AbortSignal): Promise<Seen> {
  const { sources, counted, openedAt, causes, client } = closing
  const { config } = sources
  const nowMs = Math.ceil(epochMs())
  const window = windowOf(closing, nowMs, signal)
  const [ingress, apps, series, loki] = await Promise.all([
    ingressCounts(sources, window),
    Promise.all(
      config.apps.map(async ({ name }) =>
        countedMore(name, counted.get(name) ?? new Map(), await sources.countedBy(name)),
      ),
    ),
    growthSince(
      sources.prometheus,
      `${config.metrics.requestsCounter}{namespace="${config.logs.namespace}"}`,
      window,
    ),
    lokiCounts(sources, { sinceMs: openedAt, nowMs, signal }),
  ])
  const prometheus = mergeAnswers(
    series.map(({ labels: { app = '', method = '', route = '', status }, growth }) => ({
      app,
      method,
      route,
      status: Number(status),
      count: growth,
    })),
    kindOfAnswer,
  )
  const accounts: Accounts = {
    client,
    ingress,
    app: mergeAnswers(apps.flat(), kindOfAnswer),
    prometheus,
    loki,
  }
  return { accounts, balance: balance(accounts, causes) }
}
