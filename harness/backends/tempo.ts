import { z } from 'zod'
import type { DeclaredPath } from '../core/declared-call.ts'
import { ask, readAnswer, send } from '../core/http.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { resourceSpans, type Span } from './otlp-spans.ts'
import type { tempoCalls } from './tempo-calls.ts'

/** Tempo's HTTP API, as far as claims look at it: both generations of its traces by id. */

type TempoPath = DeclaredPath<typeof tempoCalls>

/** Traces by id, newest API first. A Tempo before 2.6 has the second only. */
const byIdPaths = ['/api/v2/traces/{id}', '/api/traces/{id}'] as const satisfies readonly TempoPath[]

const spansOf = z.object({ resourceSpans: resourceSpans.optional(), batches: resourceSpans.optional() })
const traceAnswer = spansOf
  .extend({
    trace: spansOf.nullish(),
    /** Newer ones say `PARTIAL` where a trace is larger than they may answer. */
    status: z.union([z.string(), z.number()]).optional(),
  })
  .transform(({ trace, status, ...plain }) => {
    const { resourceSpans: spans, batches } = trace ?? plain
    return { spans: spans ?? batches ?? [], isPartial: status === 'PARTIAL' || status === 1 }
  })

const hex = (digits: number) =>
  z
    .string()
    .regex(/^[0-9a-f]+$/i)
    // Leading zeros are left out of ids that a search finds.
    .transform((text) => text.toLowerCase().padStart(digits, '0'))

const spanSet = z.object({ spans: z.array(z.object({ spanID: hex(16) })).default([]) })
const searchAnswer = z.object({
  traces: z
    .array(
      z
        .object({
          traceID: hex(32),
          spanSets: z.array(spanSet).optional(),
          spanSet: spanSet.optional(),
        })
        .transform(({ traceID, spanSets, spanSet: only }) => ({
          traceId: traceID,
          spanIds: (spanSets ?? (only === undefined ? [] : [only])).flatMap(({ spans }) =>
            spans.map(({ spanID }) => spanID),
          ),
        })),
    )
    .nullish(),
})

/** A trace that a search found, and its spans that fit. */
export interface FoundTrace {
  readonly traceId: string
  readonly spanIds: readonly string[]
}

export class Tempo {
  readonly url: string
  /** The API of traces by id that this Tempo was seen to have. */
  private byId: (typeof byIdPaths)[number] | undefined

  constructor(url: string) {
    this.url = url
  }

  /**
   * Every span of a trace that has arrived by now; none where the trace is not known.
   * @throws SignalproofError BACKEND_BAD_ANSWER, also for a trace that is larger than Tempo answers with
   */
  async trace(id: string, signal?: AbortSignal): Promise<Span[]> {
    for (const path of this.byId === undefined ? byIdPaths : [this.byId]) {
      const request = this.request(path.replace('{id}', id), signal)
      const response = await send({ ...request, headers: { accept: 'application/json' } })
      if (response.status === 404) {
        if (isNoSuchPath(response.data)) continue
        this.byId = path
        return []
      }
      this.byId = path
      const { spans, isPartial } = readAnswer(request, response, traceAnswer)
      if (isPartial) throw partial(id)
      return spans
    }
    throw new SignalproofError('BACKEND_BAD_ANSWER', {
      expected: `one of ${byIdPaths.join(' and ')} of tempo at ${this.url}`,
      seen: '404 for each',
      remedy: 'check that the address is that of the HTTP API of Tempo',
    })
  }

  /**
   * Traces with spans that a TraceQL query selects, from `fromMs` to `toMs`. An answer of `limit` traces is refused:
   * there may be more.
   */
  async search(
    query: string,
    range: { fromMs: number; toMs: number; limit?: number; signal?: AbortSignal },
  ): Promise<FoundTrace[]> {
    const limit = range.limit ?? 100
    const params = {
      q: query,
      start: Math.floor(range.fromMs / 1000),
      end: Math.ceil(range.toMs / 1000),
      limit,
    }
    const request = this.request('/api/search' satisfies TempoPath, range.signal)
    const found = (await ask({ ...request, params }, searchAnswer)).traces ?? []
    if (found.length < limit) return found
    throw new SignalproofError('BACKEND_BAD_ANSWER', {
      expected: `fewer than ${limit} traces for ${query}`,
      seen: `${found.length}, so that some may be missing`,
      remedy: 'narrow the query or the time range',
    })
  }

  /** The configuration in force, as YAML. */
  async configYaml(signal?: AbortSignal): Promise<string> {
    const path: TempoPath = '/status/config'
    const response = await send(this.request(path, signal))
    // In front of the document stands what was asked for.
    const yaml = typeof response.data === 'string' ? response.data.split(/^---$/m).at(-1)?.trim() : undefined
    if (response.status === 200 && yaml !== undefined && yaml !== '') return yaml
    throw new SignalproofError('BACKEND_BAD_ANSWER', {
      expected: `tempo's configuration at ${this.url}${path}`,
      seen: `status ${response.status}`,
      remedy: 'look at the log of tempo',
    })
  }

  async version(signal?: AbortSignal): Promise<string> {
    const path: TempoPath = '/status/version'
    const { data, status } = await send(this.request(path, signal))
    // It answers in words: `tempo, version 2.8.0 (branch: HEAD, …)`.
    const [, version] = /^tempo, version (\S+)/m.exec(String(data)) ?? []
    if (status === 200 && version !== undefined) return version
    throw new SignalproofError('BACKEND_BAD_ANSWER', {
      expected: `tempo's version at ${this.url}${path}`,
      seen: `status ${status}`,
      remedy: 'look at the log of tempo',
    })
  }

  private request(path: string, signal: AbortSignal | undefined) {
    return { backend: 'tempo', url: `${this.url}${path}`, ...(signal === undefined ? {} : { signal }) }
  }
}

/** What its router says of a path that it has not; of a trace that is not there Tempo speaks in other words. */
const isNoSuchPath = (body: unknown): boolean => typeof body === 'string' && body.includes('page not found')

const partial = (id: string): SignalproofError =>
  new SignalproofError('BACKEND_BAD_ANSWER', {
    expected: `the whole trace ${id}`,
    seen: 'a part of it',
    remedy: 'look at max_bytes_per_trace of tempo',
  })
