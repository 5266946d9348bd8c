/** A request to both APIs, `{version}` in its path standing for either. */
export interface ApiRequest {
  readonly method: string
  readonly path: string
  /** What comes behind the first `?`, as it goes over the wire; undefined: no `?`. */
  readonly query: string | undefined
  readonly headers: Readonly<Record<string, string>>
}

export const schedulePath = '/{version}/appoints/available-schedule'

/** The target as it goes over the wire. */
export function targetOf({ path, query }: ApiRequest, version: string): string {
  const versioned = path.replaceAll('{version}', version)
  return query === undefined ? versioned : `${versioned}?${query}`
}

/** `GET /{version}/appoints/available-schedule?start=`, with its headers if it has any. */
export function requestInWords(request: ApiRequest): string {
  const headers = Object.entries(request.headers).map(
    ([name, value]) => ` with ${name}: ${JSON.stringify(value)}`,
  )
  return `${request.method} ${targetOf(request, '{version}')}${headers.join(' and')}`
}
