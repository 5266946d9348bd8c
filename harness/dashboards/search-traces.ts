import { z } from 'zod'
import { askQuery } from '../backends/query-refusal.ts'

const searchAnswer = z.object({ traces: z.array(z.looseObject({ traceID: z.string() })).nullish() })

/** How many traces a TraceQL query of a panel finds. @throws SignalproofError BACKEND_BAD_ANSWER in Tempo's words */
export async function searchTraces(
  url: string,
  query: string,
  { fromMs, toMs, limit, signal }: { fromMs: number; toMs: number; limit: number; signal?: AbortSignal },
): Promise<number> {
  const params = { q: query, start: Math.floor(fromMs / 1000), end: Math.ceil(toMs / 1000), limit }
  const request = {
    backend: 'tempo',
    url: `${url}/api/search`,
    params,
    ...(signal === undefined ? {} : { signal }),
  }
  return (await askQuery(request, query, searchAnswer)).traces?.length ?? 0
}
