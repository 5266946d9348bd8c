import { STATUS_CODES } from 'node:http'
import type { ErrorRequestHandler, RequestHandler, Response } from 'express'
import type { ZodError } from 'zod'

/** Answers with a problem document (RFC 9457); `errors` names each part of the request that was refused. */
export function sendProblem(
  response: Response,
  status: number,
  detail: string,
  errors?: readonly object[],
): void {
  response.statusCode = status
  response.setHeader('Content-Type', 'application/problem+json')
  response.end(JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail, errors }))
}

/** What zod refused, one entry a place, as `parameter` of a query or `field` of a body (`alerts[0].startsAt`). */
export function refusedParts(part: 'parameter' | 'field', error: ZodError): object[] {
  return error.issues.flatMap((issue) => {
    const place = issue.path.reduce<string>(
      (path, key) => path + (typeof key === 'number' ? `[${key}]` : `.${String(key)}`),
      '',
    )
    const name = place.replace(/^\./, '') || null
    if (issue.code !== 'unrecognized_keys') return [{ [part]: name, detail: issue.message }]
    return issue.keys.map((key) => ({ [part]: key, detail: `is not a ${part} of this request` }))
  })
}

export const answerNotFound: RequestHandler = (_request, response) => {
  sendProblem(response, 404, 'nothing is served at this path')
}

/** For the methods that a route does not answer; `methods` are those that it does. */
export function answerOnly(...methods: readonly string[]): RequestHandler {
  const sorted = [...methods].sort()
  return (_request, response) => {
    response.setHeader('Allow', sorted.join(', '))
    sendProblem(response, 405, `this path answers ${sorted.join(' and ')}`)
  }
}

/** What a handler or a body parser threw; only what the client caused is told to it. */
export const answerError: ErrorRequestHandler = (error, _request, response, _next) => {
  const status = clientErrorStatus(error)
  if (status !== undefined) return sendProblem(response, status, String(error.message))
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  if (response.headersSent) response.destroy()
  else sendProblem(response, 500, 'the request could not be answered')
}

function clientErrorStatus(error: unknown): number | undefined {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : Number.NaN
  return status >= 400 && status < 500 ? status : undefined
}
