import { FaultSwitch, injectableStatuses } from '../../node-service/src/fault-switch.ts'
import { contextOf } from '../../node-service/src/request-context.ts'
import type { WriteLine } from '../../node-service/src/request-log.ts'
import { createServiceApp, type ServiceApp } from '../../node-service/src/service-app.ts'
import type { Tracing } from '../../node-service/src/spans.ts'
import { type AnsweredVersion, versions } from './asked-version.ts'
import type { Clinic } from './clinic.ts'
import type { Ingress } from './frontend-settings.ts'
import { renderPage } from './page.ts'
import { contentSecurityPolicy } from './page-style.ts'
import { runbookRoute, serveRunbook } from './runbooks.ts'
import { askSchedule } from './schedule-call.ts'
import { scheduleQuery, writeQuery } from './schedule-query.ts'

const routes = [
  { method: 'GET', route: '/', statuses: [...new Set([200, 400, 404, 502, ...injectableStatuses])] },
  { method: 'GET', route: runbookRoute, statuses: [200, 404] },
]
const faultRoutes = ['/']

export interface FrontendParts {
  readonly ingress: Ingress
  /** Whom the page offers to choose from; without it ids are typed in. */
  readonly clinic?: Clinic | undefined
  /** Where the alerts' runbooks lie; without it none is found. */
  readonly runbooks?: string | undefined
  readonly faults?: FaultSwitch
  readonly now?: () => Date
  readonly writeLine?: WriteLine
  readonly tracing?: Tracing
}

/** The fault switch of the frontend: it can make the page fail. */
export function createFrontendFaults(): FaultSwitch {
  return new FaultSwitch(faultRoutes)
}

/** Serves the page at `/`, which asks both APIs through the ingress. */
export function createFrontendApp({
  ingress,
  clinic,
  runbooks,
  faults = createFrontendFaults(),
  now = () => new Date(),
  writeLine,
  tracing,
}: FrontendParts): ServiceApp {
  return createServiceApp({
    routes,
    ...(writeLine && { writeLine }),
    ...(tracing && { tracing }),
    addRoutes: (app) => {
      app.get(runbookRoute, serveRunbook(runbooks))
      app.get('/', faults.guard('/'), async (request, response) => {
        const query = scheduleQuery(request.query, now(), clinic)
        const context = contextOf(response)
        const answered = await Promise.all(
          versions.map(async (one) => ({
            ...one,
            answer: await askSchedule(ingress, one.version, writeQuery(query), context),
          })),
        )
        response.statusCode = pageStatus(answered)
        response.setHeader('Content-Type', 'text/html; charset=utf-8')
        response.setHeader('Content-Security-Policy', contentSecurityPolicy)
        response.setHeader('Cache-Control', 'no-store')
        response.end(renderPage({ query, answered, clinic, context }))
      })
    },
  })
}

/** One version's slots make a page; without any, the refusal of the question counts more than a version that failed. */
function pageStatus(answered: readonly AnsweredVersion[]): number {
  const answers = answered.map(({ answer }) => answer)
  if (answers.some(({ kind }) => kind === 'slots')) return 200
  return answers.find((answer) => answer.kind === 'refused')?.status ?? 502
}
