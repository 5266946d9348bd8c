import { z } from 'zod'
import { type Request, readAnswer, send } from '../core/http.ts'
import { SignalproofError } from '../core/signalproof-error.ts'

/** By these statuses Prometheus and Loki say that the query is at fault, and not they. */
const refusingStatuses = new Set([400, 422])

/** As long as Grafana waits for a datasource: somebody else's query may read much. */
const answerWithinMs = 30_000

const refusal = z.object({ error: z.string(), errorType: z.string().optional() })

/**
 * Asks a query that somebody else wrote: its refusal is told in the backend's own words.
 * @throws SignalproofError BACKEND_BAD_ANSWER with the refusal as what was seen; and what `ask` throws
 */
export async function askQuery<T>(request: Request, query: string, schema: z.ZodType<T>): Promise<T> {
  const response = await send({ timeout: answerWithinMs, ...request })
  if (!refusingStatuses.has(response.status)) return readAnswer(request, response, schema)
  throw new SignalproofError('BACKEND_BAD_ANSWER', {
    expected: `a query that ${request.backend} takes`,
    seen: `${request.backend}: ${wordsOf(response.data)}`,
    where: query,
    remedy: 'correct the query',
  })
}

/** Prometheus answers in JSON, Loki in plain text. */
function wordsOf(data: unknown): string {
  const parsed = refusal.safeParse(data)
  const words = parsed.success
    ? parsed.data.error
    : String(typeof data === 'string' ? data : JSON.stringify(data))
  return words.replaceAll(/\s+/g, ' ').trim()
}
