import type { WatchedApp } from '../../config/config-schema.ts'
import { SignalproofError } from '../../core/signalproof-error.ts'
import type { AnswerCount, LoadRoute } from '../load-figures.ts'
import type { CausedRequest, CountedAnswer } from './account-figures.ts'

/** Which requests the apps send to each other because of a load, by the table of what is watched. */

/** @throws SignalproofError CONFIG_INVALID where requests of one route cause different ones: by route they cannot be told apart */
export function causedRequests(apps: readonly WatchedApp[], routes: readonly LoadRoute[]): CausedRequest[] {
  const sent = apps.flatMap((app) =>
    app.good
      .filter(({ method, path }) =>
        routes.some((one) => one.app === app.name && one.method === method && one.path === path),
      )
      .map(({ method, route, status, causes }) => ({
        from: { app: app.name, method, route, status },
        causes,
      })),
  )
  const alike = Map.groupBy(sent, ({ from }) => JSON.stringify(from))
  return [...alike.values()].flatMap((group) => {
    const [first, ...others] = group.map(({ from, causes }) => ({ from, causes: countCauses(causes) }))
    if (first === undefined) return []
    const other = others.find(({ causes }) => JSON.stringify(causes) !== JSON.stringify(first.causes))
    if (other !== undefined) {
      throw new SignalproofError('CONFIG_INVALID', {
        expected: `the same \`causes\` for every good request of ${first.from.app} to ${first.from.method} ${first.from.route}`,
        seen: `${first.causes.length} and ${other.causes.length} kinds of caused requests`,
        where: `signalproof.config.ts apps, ${first.from.app}.good`,
        remedy: 'put requests with other causes on a route of their own: answers are counted by route',
      })
    }
    return first.causes.map((cause) => ({ from: first.from, ...cause }))
  })
}

function countCauses(causes: WatchedApp['good'][number]['causes']): Pick<CausedRequest, 'to' | 'times'>[] {
  const alike = Map.groupBy(causes, ({ app, method, route }) => JSON.stringify({ app, method, route }))
  return [...alike]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([to, { length }]) => ({ to: JSON.parse(to) as CausedRequest['to'], times: length }))
}

/**
 * The client's answers with the app that each was asked of: the generator knows routes only.
 * @throws SignalproofError CONFIG_INVALID for a route of two apps, INTERNAL for an answer of a route that was not asked for
 */
export function answersOfApps(
  answers: readonly AnswerCount[],
  routes: readonly LoadRoute[],
): CountedAnswer[] {
  return answers.map((answer) => {
    const apps = [
      ...new Set(
        routes
          .filter(({ method, route }) => method === answer.method && route === answer.route)
          .map(({ app }) => app),
      ),
    ]
    const [app, other] = apps
    if (app !== undefined && other === undefined) return { app, ...answer }
    const what = `${answer.method} ${answer.route}`
    if (app === undefined) {
      throw new SignalproofError('INTERNAL', {
        expected: `answers of the routes that were asked for: ${routes.map(({ method, route }) => `${method} ${route}`).join(', ')}`,
        seen: `${answer.count} answers of ${what}`,
        remedy: 'look at the workload: each request has to be named by its route',
      })
    }
    throw new SignalproofError('CONFIG_INVALID', {
      expected: 'each method and route of a load in one app only: answers are counted by them',
      seen: `${what} in ${apps.join(' and ')}`,
      where: 'signalproof.config.ts apps',
      remedy: 'leave one of them out of the load',
    })
  })
}
