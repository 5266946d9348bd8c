/** One request of the load; `route` is how the app names it. */
export interface Route {
  readonly app: string
  readonly method: string
  readonly route: string
  readonly path: string
}

const schedule = (version: string) => `/${version}/appoints/available-schedule`

function schedules(app: string, version: string): Route[] {
  const route = schedule(version)
  const request = (query: string) => ({ app, method: 'GET', route, path: `${route}?${query}` })
  return [
    request('professional_id=ana-duarte&start=2026-11-23&end=2026-11-24'),
    request('professional_id=joao-simoes&start=2026-11-25&end=2026-11-27'),
  ]
}

/** What is asked for where LOAD_ROUTES says nothing else; a test holds it against signalproof.config.ts. */
export const defaultRoutes: readonly Route[] = [
  ...schedules('available-schedules-python', 'v1'),
  ...schedules('available-schedules-go', 'v2'),
  { app: 'frontend', method: 'GET', route: '/', path: '/' },
]
