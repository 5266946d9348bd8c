import { eventually, found, notYet } from '../../core/eventually.ts'
import type { AccountSources } from './account-sources.ts'
import { ingressJob } from './ingress-counts.ts'

/**
 * Waits until every app and the ingress were scraped at a moment after this one: what was counted before it is stored.
 * @throws SignalproofError WAIT_TIMEOUT naming the targets that were not
 */
export async function scrapedSince(
  { prometheus, deadlines, signal: runSignal }: Pick<AccountSources, 'prometheus' | 'deadlines' | 'signal'>,
  momentMs: number,
): Promise<void> {
  const selector = `up{job=~"apps|${ingressJob}"}`
  await eventually(
    'a scrape of every app and of the ingress since the last request',
    async (signal) => {
      // Only of a plain selector does timestamp() say when it was scraped; the list of targets is ahead of the store.
      const [targets, up, scraped] = await Promise.all([
        prometheus.targets(signal),
        prometheus.query(`${selector} == 1`, { signal }),
        prometheus.query(`timestamp(${selector})`, { signal }),
      ])
      const isUp = new Set(up.map(({ labels }) => labels.instance))
      const since = new Set(
        scraped.flatMap(({ labels, value }) =>
          isUp.has(labels.instance) && value * 1000 > momentMs ? [labels.instance] : [],
        ),
      )
      const wanted = targets.filter(({ labels }) => ['apps', ingressJob].includes(labels.job ?? ''))
      const missing = wanted.filter(({ labels }) => !since.has(labels.instance))
      const names = missing.map(({ labels }) => labels.pod ?? labels.job)
      if (wanted.length === 0) return notYet('Prometheus has no target of an app')
      return missing.length === 0 ? found(wanted.length) : notYet(`${names.join(', ')} not scraped since`)
    },
    {
      withinMs: deadlines.scrapedMs,
      everyMs: 50,
      remedy: 'look at /targets of Prometheus',
      signal: runSignal,
    },
  )
}
