import axios from 'axios'
import { z } from 'zod'
import type { RequestContext } from '../../node-service/src/request-context.ts'
import { writeTraceparent } from '../../node-service/src/trace-context.ts'
import type { Ingress } from './frontend-settings.ts'

const schedule = z.object({
  professional: z.object({ name: z.string(), specialty: z.string() }),
  start: z.string(),
  end: z.string(),
  timezone: z.string(),
  slot_minutes: z.number(),
  slots: z.array(z.object({ start: z.string(), end: z.string(), unit_id: z.string() })),
})

/** A 400 or 404 in which the API says what is wrong with the query. */
const refusal = z.object({
  detail: z.string(),
  errors: z.array(z.object({ parameter: z.string().nullable(), detail: z.string() })).min(1),
})

export type Schedule = z.infer<typeof schedule>

/** What came of asking one API. `text` is the body as it came, to compare the two. */
export type ScheduleAnswer =
  | { readonly kind: 'slots'; readonly schedule: Schedule; readonly text: string }
  | {
      readonly kind: 'refused'
      readonly status: 400 | 404
      readonly reasons: readonly string[]
      readonly text: string
    }
  | { readonly kind: 'failed'; readonly reason: string }

const answerWithinMs = 2_000
const largestAnswerBytes = 1024 * 1024

/** Asks one version of the API through the ingress, in the caller's trace and under its request id. Never throws. */
export async function askSchedule(
  ingress: Ingress,
  version: string,
  query: string,
  context: RequestContext,
): Promise<ScheduleAnswer> {
  const url = new URL(`/${version}/appoints/available-schedule?${query}`, ingress.url)
  const signal = AbortSignal.timeout(answerWithinMs)
  try {
    // Not fetch(), which sends no Host header but the address's own.
    const { status, data } = await axios.get<string>(url.href, {
      headers: {
        accept: 'application/json',
        traceparent: writeTraceparent(context.trace),
        'x-request-id': context.requestId,
        ...(ingress.host !== undefined && { host: ingress.host }),
      },
      signal,
      maxContentLength: largestAnswerBytes,
      maxRedirects: 0,
      proxy: false,
      responseType: 'text',
      transformResponse: (body: string) => body,
      validateStatus: () => true,
    })
    return readAnswer(status, data)
  } catch (error) {
    if (signal.aborted)
      return { kind: 'failed', reason: `it did not answer within ${answerWithinMs / 1000} s` }
    const why = axios.isAxiosError(error) ? error.code : undefined
    return { kind: 'failed', reason: `it could not be reached (${why ?? String(error)})` }
  }
}

function readAnswer(status: number, text: string): ScheduleAnswer {
  if (status === 200) {
    const parsed = schedule.safeParse(parseJson(text))
    if (parsed.success) return { kind: 'slots', schedule: parsed.data, text }
    return { kind: 'failed', reason: 'it answered something that is not a schedule' }
  }
  if (status === 400 || status === 404) {
    const parsed = refusal.safeParse(parseJson(text))
    if (parsed.success) {
      const reasons = parsed.data.errors.map(
        ({ parameter, detail }) => `${parameter ?? 'the query'} ${detail}`,
      )
      return { kind: 'refused', status, reasons, text }
    }
  }
  return { kind: 'failed', reason: `it answered with status ${status}` }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
