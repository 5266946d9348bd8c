import { Agent, request as httpRequest } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { type ApiRequest, targetOf } from './api-request.ts'

/** One implementation of the contract, as it is asked. */
export interface Api {
  /** `v1 (Python)` */
  readonly name: string
  readonly version: string
  readonly port: number
}

/** What of an answer the contract fixes, each part as a text to compare. */
export interface ApiAnswer {
  readonly status: number
  /** By lower-case name; a header that came twice has both values. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

const agent = new Agent({ keepAlive: true })
const answerWithinMs = 10_000

/** What a header says of the request, where its own text is another one in each answer. */
const readIdentity: Readonly<Record<string, (value: string, sent: string | undefined) => string>> = {
  'x-request-id': (value, sent) => {
    if (value === sent) return 'as it was sent'
    return /^[A-Za-z0-9._-]{1,64}$/.test(value) ? 'a new one' : `no id: ${value}`
  },
  traceparent: (value, sent) => {
    const [, trace = '', span, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(value) ?? []
    if (trace === '') return `no trace context: ${value}`
    if (!sent?.includes(trace)) return `a new trace, flags ${flags}`
    return `the trace as it was sent, ${sent.includes(`-${span}-`) ? 'its span too' : 'a span of its own'}, flags ${flags}`
  },
}
/** The headers that the contract promises. */
const promised = ['content-type', 'content-length', 'allow', 'x-request-id', 'traceparent']

/** Asks one API. The target goes out as it is: a client that knows URLs would put it right. */
export async function askApi(api: Api, asked: ApiRequest): Promise<ApiAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ApiAnswer>()
  const outgoing = httpRequest(
    {
      host: '127.0.0.1',
      port: api.port,
      method: asked.method,
      path: targetOf(asked, api.version),
      headers: asked.headers,
      agent,
      timeout: answerWithinMs,
    },
    (response) => {
      const { statusCode = 0, headersDistinct } = response
      const headers = Object.fromEntries(
        promised.map((name) => {
          const value = headersDistinct[name]?.join(' and ')
          const read = readIdentity[name]
          if (value === undefined) return [name, 'none']
          return [name, read === undefined ? value : read(value, asked.headers[name])]
        }),
      )
      buffer(response).then((body) => resolve({ status: statusCode, headers, body }), reject)
    },
  )
  outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${answerWithinMs / 1000} s`)))
  outgoing.on('error', reject)
  outgoing.end()
  return await promise
}

/** Every part in which two answers differ, as a sentence. */
export function differencesBetween(
  apis: readonly [Api, Api],
  answers: readonly [ApiAnswer, ApiAnswer],
): string[] {
  const [first, second] = answers
  const say = (part: string, values: readonly [string, string]) =>
    values[0] === values[1] ? [] : [`${part}: ${apis[0].name} ${values[0]}; ${apis[1].name} ${values[1]}`]
  return [
    ...say('status', [String(first.status), String(second.status)]),
    ...promised.flatMap((name) => say(name, [first.headers[name] ?? '', second.headers[name] ?? ''])),
    ...differentBytes(apis, [first.body, second.body]),
  ]
}

const shownBytes = 60

function differentBytes(apis: readonly [Api, Api], bodies: readonly [Buffer, Buffer]): string[] {
  const [first, second] = bodies
  if (first.equals(second)) return []
  const at = first.findIndex((byte, index) => byte !== second[index])
  const place = at === -1 ? first.length : at
  const from = Math.max(0, place - shownBytes)
  const show = (body: Buffer) => {
    const text = JSON.stringify(body.subarray(from, place + shownBytes).toString('latin1'))
    return `${from > 0 ? '…' : ''}${text}${body.length > place + shownBytes ? '…' : ''}`
  }
  return [
    `body, from byte ${place} on:`,
    ...apis.map(
      ({ name }, index) => `  ${name} (${bodies[index]?.length} bytes) ${show(bodies[index] ?? first)}`,
    ),
  ]
}
