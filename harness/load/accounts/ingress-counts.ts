import type { WatchedApp } from '../../config/config-schema.ts'
import type { IngressCount } from './account-figures.ts'
import type { AccountSources } from './account-sources.ts'
import { mergeAnswers } from './count-answers.ts'
import { type GrowthWindow, growthSince } from './counter-growth.ts'

/**
 * What Traefik counts of each router, as Prometheus has it: its page is not reachable in every environment. With
 * `addRoutersLabels` (doc.traefik.io, observability/metrics).
 */
const routerRequests = 'traefik_router_requests_total'
export const routerDuration = 'traefik_router_request_duration_seconds'

/** The job that scrapes it. */
export const ingressJob = 'ingress'

/** Answers by app, method and status. */
export async function ingressCounts(sources: AccountSources, window: GrowthWindow): Promise<IngressCount[]> {
  const grown = await growthSince(sources.prometheus, routerRequests, window)
  return mergeAnswers(
    grown.flatMap(({ labels, growth }) => {
      const app = appOfService(labels.service ?? '', sources.config.apps)
      return app === undefined
        ? []
        : [{ app, method: labels.method ?? '', status: Number(labels.code), count: growth }]
    }),
    ({ app, method, status }) => `${app} ${method} ${status}`,
  )
}

/**
 * The app behind a service as Traefik names it: `frontend@file`, or `apps-frontend-http@kubernetes` of a Service's
 * namespace, name and port. Undefined for a service that is no watched app.
 */
export function appOfService(
  service: string,
  apps: readonly Pick<WatchedApp, 'name' | 'namespace'>[],
): string | undefined {
  const [name = ''] = service.split('@')
  const fitting = apps.filter(
    (app) => name === app.name || `${name}-`.startsWith(`${app.namespace}-${app.name}-`),
  )
  // An app's name may begin with another one's.
  return fitting.sort((a, b) => b.name.length - a.name.length)[0]?.name
}
