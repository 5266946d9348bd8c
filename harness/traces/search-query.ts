import type { ExpectedSpan } from './expected-spans.ts'

/** The attributes by which somebody who reads a trace would search for it. */
const searchedBy = ['http.route', 'http.response.status_code'] as const

/** The TraceQL query of whoever looks for such a span: by its service, and by what it answered. */
export const searchQuery = ({ app, kind, attributes }: ExpectedSpan, serviceAttribute: string): string => {
  const conditions = [
    `resource.${serviceAttribute} = ${JSON.stringify(app)}`,
    `kind = ${kind.toLowerCase()}`,
    ...searchedBy.flatMap((name) =>
      attributes[name] === undefined ? [] : [`span.${name} = ${JSON.stringify(attributes[name])}`],
    ),
  ]
  return `{ ${conditions.join(' && ')} }`
}
