import type { Prometheus } from '../../backends/prometheus.ts'
import { eventually, found, notYet } from '../../core/eventually.ts'
import { SignalproofError } from '../../core/signalproof-error.ts'

/** Times are exact to a scrape and an evaluation only where none was left out: a busy machine says nothing about alerts. */

interface ScrapedSpan {
  readonly windowMs: number
  /** Of scrapes and evaluations alike. */
  readonly everyMs: number
  readonly signal: AbortSignal
}

/**
 * Waits until every series has been scraped at every interval of the last `windowMs`.
 * @throws SignalproofError ENV_NOT_READY
 */
export async function waitForHistory(
  prometheus: Pick<Prometheus, 'query'>,
  {
    windowMs,
    everyMs,
    signal,
    series,
    allowanceMs,
  }: ScrapedSpan & { readonly series: number; readonly allowanceMs: number },
): Promise<void> {
  const query = `count(count_over_time(http_requests_total[${windowMs}ms]) >= ${windowMs / everyMs})`
  try {
    await eventually(
      'every stand-in has a long window of good traffic',
      async (lookSignal) => {
        const full = (await prometheus.query(query, { signal: lookSignal }))[0]?.value ?? 0
        return full === series ? found(full) : notYet(`${full} of ${series} series`)
      },
      // A scrape that is left out begins the window anew.
      { withinMs: 2 * windowMs + allowanceMs, everyMs: everyMs / 4, remedy: '', signal },
    )
  } catch (thrown) {
    if (!(thrown instanceof SignalproofError) || thrown.code !== 'WAIT_TIMEOUT') throw thrown
    throw tooBusy(thrown.account.expected, thrown.account.seen)
  }
}

/**
 * The groups of a sweep are not asked: nobody judges their times.
 * @throws SignalproofError ENV_NOT_READY where a scrape or an evaluation of the last `windowMs` was left out
 */
export async function requireEveryScrape(
  prometheus: Pick<Prometheus, 'query' | 'samples'>,
  { windowMs, everyMs, signal }: ScrapedSpan,
): Promise<void> {
  const [up] = await prometheus.samples('up{job="stand-ins"}', windowMs, { signal })
  const times = (up?.samples ?? []).filter(({ value }) => value === 1).map(({ atMs }) => atMs)
  const longest = Math.max(0, ...times.slice(1).map((at, index) => at - (times[index] ?? at)))
  const missed = await prometheus.query(
    `sum(increase(prometheus_rule_group_iterations_missed_total{rule_group!~".*;sweep-.*"}[${Math.ceil(windowMs)}ms]))`,
    { signal },
  )
  // Without an answer nobody knows, and that is not none.
  const left = missed[0] === undefined ? Number.NaN : Math.ceil(missed[0].value)
  if (times.length > 1 && longest < 1.5 * everyMs && left === 0) return
  throw tooBusy(
    `a scrape and an evaluation of every rule each ${everyMs} ms`,
    `${times.length} scrapes, the longest gap ${Math.round(longest)} ms; ${left} evaluations left out`,
  )
}

function tooBusy(expected: string, seen: string): SignalproofError {
  return new SignalproofError('ENV_NOT_READY', {
    expected,
    seen,
    remedy: 'end what else uses the processor, then run it again: nothing is said about the alerts',
  })
}
