import { z } from 'zod'
import { askQuery } from '../backends/query-refusal.ts'
import type { AnswerRow } from './answer-row.ts'

const searchAnswer = z.object({
  traces: z
    .array(
      z.looseObject({
        traceID: z.string(),
        startTimeUnixNano: z.string().optional(),
        rootServiceName: z.string().optional(),
      }),
    )
    .nullish(),
})

/** The traces that a TraceQL query of a panel finds, by their beginning and the service of their root. @throws SignalproofError BACKEND_BAD_ANSWER in Tempo's words */
export async function searchTraces(
  url: string,
  query: string,
  { fromMs, toMs, limit, signal }: { fromMs: number; toMs: number; limit: number; signal?: AbortSignal },
): Promise<AnswerRow[]> {
  const params = { q: query, start: Math.floor(fromMs / 1000), end: Math.ceil(toMs / 1000), limit }
  const request = {
    backend: 'tempo',
    url: `${url}/api/search`,
    params,
    ...(signal === undefined ? {} : { signal }),
  }
  const { traces } = await askQuery(request, query, searchAnswer)
  return (traces ?? []).map(({ startTimeUnixNano, rootServiceName }) => ({
    atMs: Number(startTimeUnixNano ?? 'NaN') / 1e6,
    labels: rootServiceName === undefined ? {} : { service: rootServiceName },
  }))
}
