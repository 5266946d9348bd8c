import type { Accounts, CausedRequest, CountedAnswer } from './account-figures.ts'

/** Accounts by hand: a page that asks an API once for each of its answers, and that API, asked by clients as well. */

export const pageAnswer = (count: number, status = 200): CountedAnswer => ({
  app: 'page',
  method: 'GET',
  route: '/',
  status,
  count,
})

export const apiAnswer = (count: number, status = 200, route = '/v1'): CountedAnswer => ({
  app: 'api',
  method: 'GET',
  route,
  status,
  count,
})

export const pageAsksApi: CausedRequest = {
  from: { app: 'page', method: 'GET', route: '/', status: 200 },
  to: { app: 'api', method: 'GET', route: '/v1' },
  times: 1,
}

/** 100 pages, which asked the API 100 times (16 of them failed), and 200 requests of clients to the API (32 failed). */
export function accountsDouble(changes: Partial<Accounts> = {}): Accounts {
  const everywhere = [pageAnswer(100), apiAnswer(252), apiAnswer(48, 500)]
  return {
    client: [pageAnswer(100), apiAnswer(168), apiAnswer(32, 500)],
    ingress: everywhere.map(({ route: _, ...answer }) => answer),
    app: everywhere,
    prometheus: everywhere,
    loki: everywhere,
    ...changes,
  }
}
