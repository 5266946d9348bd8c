/** Spans as each place on their way counts them: what one has, the next has to have, too. Plain data. */

export interface SpanCounts {
  /** By app, as its own metrics page says. */
  readonly apps: ReadonlyMap<string, AppSpans>
  readonly collector: {
    readonly accepted: number
    readonly refused: number
    readonly sent: number
    readonly failed: number
  }
  readonly store: { readonly received: number; readonly discarded: number }
}

export interface AppSpans {
  readonly ended: number
  readonly exported: number
  readonly dropped: number
}

/** What an app's requests stand for: a span for each that it answered, and one for each call that it made. */
export interface ExpectedCount {
  readonly answered: number
  readonly called: number
}

export function countsSince(now: SpanCounts, before: SpanCounts): SpanCounts {
  return {
    apps: new Map([...now.apps].map(([app, counts]) => [app, minus(counts, before.apps.get(app))])),
    collector: minus(now.collector, before.collector),
    store: minus(now.store, before.store),
  }
}

function minus<Counts extends object>(now: Counts, before: Counts | undefined): Counts {
  const earlier = (before ?? {}) as Record<string, number>
  return Object.fromEntries(
    Object.entries(now).map(([name, count]) => [name, count - (earlier[name] ?? 0)]),
  ) as Counts
}

/**
 * The first place at which spans are missing or too many, in words; null where every place has the same. Without any
 * expected span there is nothing that could agree.
 */
export function spansPartAt(
  expected: ReadonlyMap<string, ExpectedCount>,
  { apps, collector, store }: SpanCounts,
): string | null {
  const total = sum([...expected.values()].map(({ answered, called }) => answered + called))
  if (total === 0) return 'no app got a request, so no span is expected'
  for (const [app, { answered, called }] of expected) {
    const ended = apps.get(app)?.ended ?? 0
    if (ended !== answered + called)
      return `${app} answered ${answered} requests and made ${called} calls: of ${answered + called} spans it ended ${ended}, ${beyond(ended, answered + called)}`
  }
  for (const [app, { ended, exported, dropped }] of apps) {
    if (exported !== ended || dropped !== 0)
      return `${app} ended ${ended} spans: it exported ${exported} and dropped ${dropped}, ${beyond(exported, ended)}`
  }
  const exported = sum([...apps.values()].map((counts) => counts.exported))
  if (collector.accepted !== exported)
    return `the apps exported ${exported} spans: the collector accepted ${collector.accepted} and refused ${collector.refused}, ${beyond(collector.accepted, exported)}`
  if (collector.sent !== collector.accepted)
    return `the collector accepted ${collector.accepted} spans: it sent ${collector.sent} and gave up ${collector.failed}, ${beyond(collector.sent, collector.accepted)}`
  if (store.received !== collector.sent)
    return `the collector sent ${collector.sent} spans: Tempo received ${store.received}, ${beyond(store.received, collector.sent)}`
  return store.discarded === 0
    ? null
    : `Tempo received ${store.received} spans and discarded ${store.discarded}`
}

/** Whether nothing is on its way, as far as counters of one place can tell. */
export const isAtRest = ({ apps, collector }: SpanCounts): boolean =>
  [...apps.values()].every(({ ended, exported, dropped }) => ended === exported + dropped) &&
  collector.accepted <= collector.sent + collector.failed

/**
 * The first place that no span gets past, in words; null where some arrive. It may be asked while requests are sent: what is
 * on its way is no difference to it.
 */
export function spansStopAt({ apps, collector, store }: SpanCounts): string | null {
  for (const [app, { ended, exported }] of apps) {
    if (ended === 0) return `${app} ends no span`
    if (exported === 0) return `${app} exports none of its spans`
  }
  if (collector.accepted === 0) return 'the collector accepts no span'
  if (collector.sent === 0) return 'the collector sends none of the spans that it accepted'
  if (store.received === 0) return 'Tempo receives none of the spans that the collector sent'
  return store.received > store.discarded ? null : 'Tempo discards every span'
}

/** All places in a row, for whoever asks where spans went. */
export const describeCounts = ({ apps, collector, store }: SpanCounts): string =>
  [
    ...[...apps].map(
      ([app, { ended, exported, dropped }]) =>
        `${app} ended ${ended}, exported ${exported} and dropped ${dropped}`,
    ),
    `the collector accepted ${collector.accepted}, sent ${collector.sent} and gave up ${collector.failed}`,
    `Tempo received ${store.received} and discarded ${store.discarded}`,
  ].join('; ')

const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0)

const beyond = (seen: number, wanted: number): string =>
  seen === wanted
    ? 'as many as there should be'
    : `${Math.abs(seen - wanted)} ${seen < wanted ? 'fewer' : 'more'} than there should be`
