import axios from 'axios'
import { z } from 'zod'
import type { RequestContext } from '../../node-service/src/request-context.ts'
import { nowMs } from '../../node-service/src/utc-time.ts'
import type { Ingress } from './frontend-settings.ts'

const localTime = z.iso.datetime({ offset: true })
const slot = z.object({ start: localTime, end: localTime, unit_id: z.string() })

const schedule = z.object({
  professional: z.object({ name: z.string(), specialty: z.string() }),
  start: z.iso.date(),
  end: z.iso.date(),
  timezone: z.string(),
  slot_minutes: z.number(),
  slots: z.array(slot),
})

const queryError = z.object({ parameter: z.string().nullable(), code: z.string(), detail: z.string() })

/** A 400 or 404 in which the API says what is wrong with the query. */
const refusal = z.object({ errors: z.array(queryError).min(1) })

export type Slot = z.infer<typeof slot>
export type Schedule = z.infer<typeof schedule>
export type QueryError = z.infer<typeof queryError>

/** What came of asking one API. `text` is the body as it came, to compare the two. */
export type ScheduleAnswer =
  | { readonly kind: 'slots'; readonly schedule: Schedule; readonly text: string }
  | {
      readonly kind: 'refused'
      readonly status: 400 | 404
      readonly errors: readonly QueryError[]
      readonly text: string
    }
  /** `reason` follows the API's name; `remedy` is a sentence to the reader. */
  | { readonly kind: 'failed'; readonly reason: string; readonly remedy: string }

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
  const span = context.span.openCall(nowMs())
  try {
    // Not fetch(), which sends no Host header but the address's own.
    const { status, data } = await axios.get<string>(url.href, {
      headers: {
        accept: 'application/json',
        ...span.headers,
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
    span.end({ url, outcome: { status }, endedAtMs: nowMs() })
    return readAnswer(status, data)
  } catch (error) {
    const why = (axios.isAxiosError(error) ? error.code : undefined) ?? String(error)
    span.end({ url, outcome: { failure: signal.aborted ? 'timeout' : why }, endedAtMs: nowMs() })
    if (signal.aborted) {
      return failed(
        `did not answer within ${answerWithinMs / 1000} s`,
        'Ask again, perhaps for fewer days; if it stays so, look in its log for the request named at the end of this page.',
      )
    }
    return failed(
      `could not be reached (${why})`,
      'Ask again in a moment; if it stays so, check that the ingress and the API are running.',
    )
  }
}

function readAnswer(status: number, text: string): ScheduleAnswer {
  if (status === 200) {
    const parsed = schedule.safeParse(parseJson(text))
    if (parsed.success) return { kind: 'slots', schedule: parsed.data, text }
    return failed(
      'answered something that is not a schedule',
      'Asking again will hardly help: check what is served at its route.',
    )
  }
  if (status === 400 || status === 404) {
    const parsed = refusal.safeParse(parseJson(text))
    if (parsed.success) return { kind: 'refused', status, errors: parsed.data.errors, text }
  }
  if (status === 404) {
    return failed('is not served at its route (status 404)', "Check the ingress's routes.")
  }
  return failed(
    `answered with status ${status}`,
    status >= 500
      ? 'The error is its own: ask again in a moment; if it stays so, look in its log for the request named at the end of this page.'
      : 'Check what is served at its route.',
  )
}

function failed(reason: string, remedy: string): ScheduleAnswer {
  return { kind: 'failed', reason, remedy }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
