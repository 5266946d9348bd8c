import { Agent } from 'node:http'
import axios, { type AxiosRequestConfig, type AxiosResponse } from 'axios'
import type { z } from 'zod'
import { SignalproofError } from './signalproof-error.ts'

/** Answers are parsed where they arrive, and failures are sorted once: nobody there, or a wrong answer. */

const agent = new Agent({ keepAlive: true, maxSockets: 64 })
const client = axios.create({
  httpAgent: agent,
  proxy: false,
  timeout: 5_000,
  validateStatus: () => true,
  // An answer that leads elsewhere is one to look at, not to follow.
  maxRedirects: 0,
  maxContentLength: 64 * 1024 * 1024,
})

/** Statuses by which a server says "not now". */
const transientStatuses = new Set([429, 502, 503, 504])

export interface Request
  extends Pick<AxiosRequestConfig, 'method' | 'params' | 'data' | 'headers' | 'timeout'> {
  readonly signal?: AbortSignal
  /** Who answers, for the message: `loki`. */
  readonly backend: string
  readonly url: string
  /** What to try when it does not answer. */
  readonly remedy?: string
}

/** Sends a request and gives the answer back whatever its status is. @throws BACKEND_UNREACHABLE */
export async function send({ backend, remedy, ...request }: Request): Promise<AxiosResponse<unknown>> {
  try {
    return await client.request<unknown>(request)
  } catch (thrown) {
    request.signal?.throwIfAborted()
    const why = describeFailure(thrown)
    throw new SignalproofError('BACKEND_UNREACHABLE', {
      expected: `an answer of ${backend} at ${request.url}`,
      seen: why,
      remedy: remedy ?? `look at the log of ${backend}; \`signalproof status\` shows what runs`,
      // The client's own error holds sockets and agents: whoever copies an error, as a test runner does, would walk them all.
      cause: new Error(why),
    })
  }
}

/** Sends a request whose answer must be 2xx and follow `schema`. @throws BACKEND_UNREACHABLE, BACKEND_BAD_ANSWER */
export async function ask<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  return readAnswer(request, await send(request), schema)
}

/** Reads an answer that must be 2xx and follow `schema`. @throws BACKEND_UNREACHABLE, BACKEND_BAD_ANSWER */
export function readAnswer<T>(
  request: Pick<Request, 'backend' | 'url' | 'remedy'>,
  response: Pick<AxiosResponse<unknown>, 'status' | 'data'>,
  schema: z.ZodType<T>,
): T {
  const { backend, url } = request
  if (response.status < 200 || response.status > 299) {
    throw new SignalproofError(
      transientStatuses.has(response.status) ? 'BACKEND_UNREACHABLE' : 'BACKEND_BAD_ANSWER',
      {
        expected: `a 2xx answer of ${backend} at ${url}`,
        seen: `${response.status} ${excerpt(response.data)}`,
        remedy: request.remedy ?? `look at the log of ${backend}`,
      },
    )
  }
  const parsed = schema.safeParse(response.data)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new SignalproofError('BACKEND_BAD_ANSWER', {
    expected: `the answer that ${backend}'s API describes for ${url}`,
    seen: `${issue?.message ?? 'another shape'} at ${issue?.path.join('.') || 'its root'} in ${excerpt(response.data)}`,
    remedy: `check that the version of ${backend} is the pinned one`,
  })
}

const describeFailure = (thrown: unknown): string =>
  thrown instanceof Error
    ? thrown.message || ((thrown as { code?: string }).code ?? thrown.name)
    : String(thrown)

function excerpt(data: unknown): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data)
  return (text ?? '').replaceAll(/\s+/g, ' ').slice(0, 200) || 'an empty answer'
}
