import exec from 'k6/execution'
import http from 'k6/http'
import { Counter } from 'k6/metrics'
import type { Threshold } from 'k6/options'
import type { Route } from '../routes.ts'
import type { Settings } from './settings.ts'
import { requestTimeoutSeconds } from './shape.ts'

/**
 * Every answer is counted by route and status, whatever the status is. k6 sums up by tags only where a threshold names
 * them, so there is an empty one for each: the usual status on k6's own counter, all others on a counter that nothing is
 * added to while all goes well, and that costs nothing as long.
 */
const usualStatus = 200
const otherAnswers = new Counter('other_answers')

/** 0 is a request without an answer. */
const otherStatuses = [0, ...Array.from({ length: 500 }, (_, n) => n + 100)].filter((s) => s !== usualStatus)

/** How a request is named in every figure; requests that differ only in their query count as one. */
const nameOf = ({ method, route }: Route) => `${method} ${route}`

export const namesOf = (routes: readonly Route[]): string[] => [...new Set(routes.map(nameOf))]

/** The thresholds by which counts and latency are kept apart for each route; they hold always. */
export function countedApart(routes: readonly Route[]): Record<string, Threshold[]> {
  // Only the first pass over a script is asked for its options; each virtual user reads the script again.
  if (__VU !== 0) return {}
  const apart: Record<string, Threshold[]> = {}
  for (const name of namesOf(routes)) {
    apart[`http_reqs{name:${name}}`] = []
    apart[`http_reqs{name:${name},status:${usualStatus}}`] = []
    apart[`http_req_duration{name:${name}}`] = []
    for (const status of otherStatuses) apart[`other_answers{name:${name},status:${status}}`] = []
  }
  return apart
}

/** What k6 tags samples with: as little as the figures need. */
export const systemTags = ['status', 'method', 'name', 'scenario', 'expected_response', 'error_code'] as const

/** Sends the request whose turn it is: over all virtual users together each route comes equally often. */
export function sender({ url, host, runId, routes }: Settings): () => void {
  const run = hex(hashOf(runId), 16)
  return () => {
    const turn = exec.scenario.iterationInTest
    const route = routes[turn % routes.length]
    if (route === undefined) return
    const name = nameOf(route)
    const { status } = http.request(route.method, `${url}${route.path}`, null, {
      tags: { name },
      headers: {
        Host: host,
        'X-Request-Id': `${runId}-${turn}`,
        traceparent: `00-${run}${hex(turn, 16)}-${hex(turn + 1, 16)}-01`,
      },
      redirects: 0,
      timeout: `${requestTimeoutSeconds}s`,
    })
    if (status !== usualStatus) otherAnswers.add(1, { name, status: String(status) })
  }
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')

/** FNV-1a, 32 bits: a run's requests are one family of traces. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0
  return hash
}
