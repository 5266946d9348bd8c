import { send } from '../core/http.ts'
import type { Run } from './run.ts'

/** Single questions to apps and ingress that are not traffic: they are for refusals, which nobody has to count. */

export interface PlainAnswer {
  readonly status: number
  readonly body: unknown
}

/** Asks the ingress for a path as a host, with a bearer token where one is given. */
export async function askIngress(run: Run, path: string, host: string, token?: string): Promise<PlainAnswer> {
  const authorization = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  const answer = await send({
    backend: 'the ingress',
    url: `${run.environment.addresses.ingress}${path}`,
    headers: { Host: host, ...authorization },
  })
  return { status: answer.status, body: answer.data }
}

/** Asks a URL without any credentials. */
export async function askPlain(backend: string, url: string): Promise<PlainAnswer> {
  const answer = await send({ backend, url })
  return { status: answer.status, body: answer.data }
}
