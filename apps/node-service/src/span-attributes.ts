/** Spans of HTTP in OpenTelemetry's semantic conventions. */
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_HEADER,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_FULL,
  ATTR_URL_PATH,
  ATTR_URL_QUERY,
  ATTR_URL_SCHEME,
} from '@opentelemetry/semantic-conventions'
import { targetParts } from './request-log.ts'
import { methodLabel, otherMethod, unmatchedRoute } from './request-metrics.ts'
import type { TracedCall, TracedRequest } from './spans.ts'

/** What is known of a span when it ends. */
export interface SpanEnd {
  readonly name: string
  readonly attributes: Attributes
  readonly isError: boolean
}

export function requestSpanEnd(request: TracedRequest): SpanEnd {
  const { status, route } = request
  const method = methodLabel(request.method)
  const isError = status >= 500
  const { path, query } = targetParts(request.target)
  const named = method === otherMethod ? 'HTTP' : method
  const isMatched = route !== unmatchedRoute
  return {
    name: isMatched ? `${named} ${route}` : named,
    isError,
    attributes: {
      [ATTR_HTTP_REQUEST_METHOD]: method,
      ...(method === otherMethod && { [ATTR_HTTP_REQUEST_METHOD_ORIGINAL]: request.method }),
      ...(isMatched && { [ATTR_HTTP_ROUTE]: route }),
      [ATTR_URL_PATH]: path,
      ...(query !== '' && { [ATTR_URL_QUERY]: query }),
      [ATTR_URL_SCHEME]: 'http',
      ...hostAttributes(request.host),
      [ATTR_HTTP_REQUEST_HEADER('x-request-id')]: [request.requestId],
      [ATTR_HTTP_RESPONSE_STATUS_CODE]: status,
      ...(isError && { [ATTR_ERROR_TYPE]: String(status) }),
    },
  }
}

export function callSpanEnd({ url, outcome }: TracedCall): SpanEnd {
  const status = 'status' in outcome ? outcome.status : undefined
  const error = 'failure' in outcome ? outcome.failure : outcome.status >= 400 && String(outcome.status)
  return {
    name: 'GET',
    isError: error !== false,
    attributes: {
      [ATTR_HTTP_REQUEST_METHOD]: 'GET',
      [ATTR_URL_FULL]: url.href,
      [ATTR_SERVER_ADDRESS]: withoutBrackets(url.hostname),
      [ATTR_SERVER_PORT]: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
      ...(status !== undefined && { [ATTR_HTTP_RESPONSE_STATUS_CODE]: status }),
      ...(error !== false && { [ATTR_ERROR_TYPE]: error }),
    },
  }
}

/** A client writes into its Host header what it likes; what is no host is left out. */
function hostAttributes(host: string | undefined): Attributes {
  const parts = /^(?<name>\[[0-9a-f:.]+\]|[^:[\]\s/?#@]+)(?::(?<port>\d{1,5}))?$/i.exec(host ?? '')?.groups
  if (parts?.name === undefined) return {}
  return {
    [ATTR_SERVER_ADDRESS]: withoutBrackets(parts.name),
    ...(parts.port !== undefined && { [ATTR_SERVER_PORT]: Number(parts.port) }),
  }
}

const withoutBrackets = (host: string) => host.replace(/^\[|\]$/g, '')
