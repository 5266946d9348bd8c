import exec from 'k6/execution'
import http from 'k6/http'
import type { Options } from 'k6/options'
import { readSettings } from '../lib/settings.ts'

/** The same closed loop with nothing but k6's own: no counts by route and status, no identities of requests. */
const { url, host, routes, durationSeconds, maxVirtualUsers, summaryFile } = readSettings(15)

export const options: Options = {
  discardResponseBodies: true,
  scenarios: {
    load: { executor: 'constant-vus', vus: maxVirtualUsers ?? 20, duration: `${durationSeconds}s` },
  },
}

interface Counted {
  readonly metrics: { readonly http_reqs?: { readonly values: { readonly count: number } } }
  readonly state: { readonly testRunDurationMs: number }
}

export const handleSummary = ({ metrics, state }: Counted) => ({
  [summaryFile ?? 'stdout']: JSON.stringify({
    requests: metrics.http_reqs?.values.count ?? 0,
    durationMs: state.testRunDurationMs,
  }),
})

export default () => {
  const route = routes[exec.scenario.iterationInTest % routes.length]
  if (route !== undefined)
    http.request(route.method, `${url}${route.path}`, null, { headers: { Host: host }, redirects: 0 })
}
