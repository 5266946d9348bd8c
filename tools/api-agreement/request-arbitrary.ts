import fc from 'fast-check'
import { type ApiRequest, schedulePath } from './api-request.ts'
import type { ClinicData } from './clinic-data.ts'
import { notFoundQuestions, rightQuestions, spoiltQuestions, wildQuestions } from './question-arbitrary.ts'
import { escapedText, rawText } from './text-arbitraries.ts'

/** Requests of every kind that the contract speaks of: right ones, spoilt ones, other methods and other paths. */

export function apiRequests(data: ClinicData): fc.Arbitrary<ApiRequest> {
  const [right, spoilt, notFound] = [rightQuestions(data), spoiltQuestions(data), notFoundQuestions(data)]
  const any = fc.oneof(
    { arbitrary: right, weight: 5 },
    { arbitrary: spoilt, weight: 4 },
    { arbitrary: wildQuestions(), weight: 1 },
  )
  const route = fc.constant(schedulePath)
  return fc.oneof(
    // What is found in another kind is tried with the first one when it is made smaller.
    { withCrossShrink: true },
    { arbitrary: request(getOrHead, route, right), weight: 9 },
    { arbitrary: request(getOrHead, route, spoilt), weight: 9 },
    { arbitrary: request(getOrHead, route, notFound), weight: 2 },
    { arbitrary: request(getOrHead, route, wildQuestions()), weight: 1 },
    { arbitrary: request(otherMethods, route, any), weight: 2 },
    { arbitrary: request(getOrHead, samePaths, right), weight: 1 },
    { arbitrary: request(fc.oneof(getOrHead, otherMethods), otherPaths, any), weight: 2 },
  )
}

function request(
  method: fc.Arbitrary<string>,
  path: fc.Arbitrary<string>,
  query: fc.Arbitrary<string | undefined>,
): fc.Arbitrary<ApiRequest> {
  return fc.record({ method, path, query, headers: identities })
}

const getOrHead = fc.oneof(
  { arbitrary: fc.constant('GET'), weight: 5 },
  { arbitrary: fc.constant('HEAD'), weight: 1 },
)
const otherMethods = fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'BREW', 'QUERY')

/** The route again, once it is decoded. */
const samePaths = fc.constantFrom(
  '/{version}/appoints/available%2Dschedule',
  '/{version}/%61ppoints/%61vailable-schedule',
  '/{version}%2Fappoints%2favailable-schedule',
)

const notThePath = fc.constantFrom(
  `${schedulePath}/`,
  `/${schedulePath}`,
  '/{version}//appoints/available-schedule',
  '/{version}/./appoints/available-schedule',
  '/{version}/x/../appoints/available-schedule',
  '/{version}/appoints/Available-Schedule',
  '/{version}/APPOINTS/available-schedule',
  '/{version}/appoints/available-schedules',
  '/{version}/appoints',
  '/{version}/',
  '/v3/appoints/available-schedule',
  '/V1/appoints/available-schedule',
  `${schedulePath}%20`,
  `${schedulePath}%00`,
  `${schedulePath};x=1`,
  `${schedulePath}%3Fstart=1`,
  '/Metrics',
  '/metrics/',
  '/healthz/',
  '/',
  '/%FF%C3',
)
const otherPaths = fc.oneof(
  { arbitrary: notThePath, weight: 3 },
  {
    arbitrary: fc.array(escapedText, { minLength: 1, maxLength: 3 }).map((parts) => `/x/${parts.join('/')}`),
    weight: 1,
  },
  { arbitrary: rawText.filter((text) => !/[?#]/.test(text)).map((text) => `/x${text}`), weight: 1 },
)

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const hexDigits = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 16, maxLength: 16 })

/** The headers that an answer takes up. */
const identities = fc.oneof(
  { withCrossShrink: true },
  { arbitrary: fc.constant({}), weight: 4 },
  {
    arbitrary: fc
      .oneof(
        fc.string({ unit: fc.constantFrom(...'Aaz09._-'), minLength: 1, maxLength: 66 }),
        fc.constantFrom('a b', 'a/b', '"', 'a'.repeat(64), 'a'.repeat(65)),
      )
      .map((id) => ({ 'x-request-id': id })),
    weight: 1,
  },
  {
    arbitrary: fc
      .oneof(
        fc
          .tuple(
            fc.constantFrom('00', 'cc', 'ff', '0', 'CC'),
            hexDigits,
            fc.constantFrom('-00', '-01', '-ff', '', '-01-x', '-01x'),
          )
          .map(([version, span, rest]) => `${version}-${traceId}-${span}${rest}`),
        fc.constantFrom(
          '',
          `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
          `00-${traceId}-${'0'.repeat(16)}-01`,
          'x',
        ),
      )
      .map((traceparent) => ({ traceparent })),
    weight: 1,
  },
)
