import { Prometheus } from '../backends/prometheus.ts'
import { type DatasourceQuery, lokiOf } from './ask-datasource.ts'
import type { Datasource } from './datasources.ts'
import { type LogPipeline, logPipelines } from './logql-parts.ts'
import { nearestName } from './nearest-name.ts'
import { type Matcher, promqlSelectors, type Selector, writeSelector } from './promql-selectors.ts'

/**
 * Which part of a query has never matched: its datasource is asked for narrower and narrower selectors, until one of
 * them finds nothing.
 */

export interface NeverSeen {
  /** `name`: a metric or a label that is nowhere; `value`: a matcher or a stage that lets nothing through. */
  readonly kind: 'name' | 'value'
  /** Of which metric, where it is known. */
  readonly metric?: string
  /** A sentence, as the seen part of an account. */
  readonly seen: string
}

/** Most values that a sentence lists. */
const mostListed = 8

export class NeverMatched {
  private readonly signal: AbortSignal | undefined
  /** Panels share selectors: each is asked for once. */
  private readonly answers = new Map<string, Promise<readonly string[]>>()

  constructor(signal?: AbortSignal) {
    this.signal = signal
  }

  /** What never matched in a query; empty where each part of it has. */
  async partsOf({ datasource, expr, fromMs, toMs }: DatasourceQuery): Promise<NeverSeen[]> {
    if (datasource.type === 'prometheus') {
      const found = await Promise.all(
        promqlSelectors(expr).map((selector) => this.ofSelector(selector, datasource)),
      )
      return found.flat()
    }
    if (datasource.type === 'loki') {
      const range = { fromMs, toMs }
      const found = await Promise.all(
        logPipelines(expr).map((pipeline) => this.ofPipeline(pipeline, datasource, range)),
      )
      return found.flat()
    }
    return []
  }

  private async ofSelector(selector: Selector, datasource: Datasource): Promise<NeverSeen[]> {
    const { metric, matchers } = selector
    const names = await this.values(datasource, '__name__')
    if (metric !== undefined && !names.includes(metric)) {
      const near = nearestName(metric, names) ?? 'none'
      return [{ kind: 'name', metric, seen: `${metric} was never seen; nearest: ${near}` }]
    }
    if (await this.hasSeries(datasource, writeSelector(metric, matchers))) return []
    const found = await this.ofMatchers(`series of ${metric ?? 'any metric'}`, matchers, {
      labels: () =>
        this.once(`labels ${datasource.url} ${metric}`, () =>
          new Prometheus(datasource.url).labelNames({
            ...(metric === undefined ? {} : { selector: writeSelector(metric, []) }),
            signal: this.signal,
          }),
        ),
      values: (label) =>
        this.values(datasource, label, metric === undefined ? undefined : writeSelector(metric, [])),
      matches: (some) => this.hasSeries(datasource, writeSelector(metric, some)),
    })
    // Labels of a metric come with its events: a table that lets it lack them lets it lack these.
    return found.map((one) => (metric === undefined ? one : { ...one, metric }))
  }

  private async ofPipeline(
    { selector, matchers, stages }: LogPipeline,
    datasource: Datasource,
    range: { fromMs: number; toMs: number },
  ): Promise<NeverSeen[]> {
    const loki = lokiOf(datasource)
    const cancel = this.signal === undefined ? {} : { signal: this.signal }
    // Loki has no "ever": everything is asked for the panel's own time.
    const where = `${datasource.url} ${range.fromMs} ${range.toMs}`
    const streams = (of: string) =>
      this.once(`streams ${where} ${of}`, async () =>
        (await loki.series(of, { ...range, ...cancel })).map((labels) => JSON.stringify(labels)),
      )
    if ((await streams(selector)).length === 0) {
      return this.ofMatchers('stream', matchers, {
        labels: () => this.once(`labels ${where}`, () => loki.labelNames({ ...range, ...cancel })),
        values: (label) =>
          this.once(`values ${where} ${label}`, () => loki.labelValues(label, { ...range, ...cancel })),
        matches: async (some) => (await streams(writeSelector(undefined, some))).length > 0,
      })
    }
    const window = `[${Math.max(1, Math.ceil((range.toMs - range.fromMs) / 1000))}s]`
    for (const { written, upTo } of [{ written: selector, upTo: selector }, ...stages]) {
      const lines = await this.once(`lines ${where} ${upTo}`, async () => {
        const query = `sum(count_over_time(${upTo} ${window}))`
        const answer = await loki.queryInstant(query, { atMs: range.toMs, ...cancel })
        return answer.map(({ points }) => String(points.at(-1)?.[1]))
      })
      if (lines.length > 0) continue
      const seen =
        upTo === selector
          ? `no line of ${selector} in this time`
          : `${written} lets no line of ${selector} through`
      return [{ kind: 'value', seen }]
    }
    return []
  }

  /** First labels that nothing has, then matchers that match nothing alone, then the first that none is left with. */
  private async ofMatchers(
    of: string,
    matchers: readonly Matcher[],
    ask: {
      labels: () => Promise<readonly string[]>
      values: (label: string) => Promise<readonly string[]>
      matches: (some: readonly Matcher[]) => Promise<boolean>
    },
  ): Promise<NeverSeen[]> {
    const wanted = matchers.filter((one) => !matchesAbsence(one))
    const labels = await ask.labels()
    const unknown = wanted.filter(({ label }) => !labels.includes(label))
    if (unknown.length > 0) {
      return unknown.map(({ label }) => {
        const near = nearestName(label, labels)
        const known = near === undefined ? listed(labels.filter((name) => name !== '__name__')) : near
        return {
          kind: 'name' as const,
          seen: `label ${label} is on no ${of}; ${near === undefined ? 'there are' : 'nearest'}: ${known}`,
        }
      })
    }
    const alone = await Promise.all(wanted.map(async (one) => ({ one, matches: await ask.matches([one]) })))
    const dead = alone.filter(({ matches }) => !matches).map(({ one }) => one)
    if (dead.length > 0) {
      return Promise.all(
        dead.map(async ({ label, written }) => ({
          kind: 'value' as const,
          seen: `${written} matches no ${of}; ${label} is ${listed(await ask.values(label))}`,
        })),
      )
    }
    for (let count = 2; count <= matchers.length; count += 1) {
      const some = matchers.slice(0, count)
      if (await ask.matches(some)) continue
      const before = some.slice(0, -1).map(({ written }) => written)
      return [
        {
          kind: 'value',
          seen: `${some.at(-1)?.written} matches no ${of} that ${before.join(', ')} does`,
        },
      ]
    }
    return []
  }

  private async hasSeries(datasource: Datasource, selector: string): Promise<boolean> {
    const found = await this.once(`series ${datasource.url} ${selector}`, async () =>
      (await new Prometheus(datasource.url).series(selector, { limit: 1, signal: this.signal })).map(
        (labels) => JSON.stringify(labels),
      ),
    )
    return found.length > 0
  }

  private values(datasource: Datasource, label: string, selector?: string): Promise<readonly string[]> {
    return this.once(`values ${datasource.url} ${label} ${selector ?? ''}`, () =>
      new Prometheus(datasource.url).labelValues(label, {
        ...(selector === undefined ? {} : { selector }),
        signal: this.signal,
      }),
    )
  }

  private once(key: string, ask: () => Promise<readonly string[]>): Promise<readonly string[]> {
    const known = this.answers.get(key)
    if (known !== undefined) return known
    const asked = ask()
    this.answers.set(key, asked)
    return asked
  }
}

/** A matcher that is content with a series that has no such label. */
function matchesAbsence({ operator, value }: Matcher): boolean {
  if (operator === '=') return value === ''
  if (operator === '!=') return value !== ''
  try {
    const matchesEmpty = new RegExp(`^(?:${value})$`).test('')
    return operator === '=~' ? matchesEmpty : !matchesEmpty
  } catch {
    return false
  }
}

function listed(values: readonly string[]): string {
  const more = values.length > mostListed ? ` and ${values.length - mostListed} more` : ''
  return values.length === 0 ? 'nothing' : `${values.slice(0, mostListed).join(', ')}${more}`
}
