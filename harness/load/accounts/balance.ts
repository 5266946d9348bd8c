import type { Accounts, CausedRequest, CountedAnswer, Place } from './account-figures.ts'
import { type AccountRow, type IngressRow, ingressRowsOf, rowsOf } from './account-rows.ts'
import { sumOf } from './count-answers.ts'
import { type Difference, describeDifference } from './difference.ts'
import { type Counted, countOf, kindOf, kindsIn, withoutRoute } from './kinds.ts'

export interface Parting {
  /** The first place that differs from the one before it. */
  readonly place: Place
  readonly before: Place | null
  /** One line a difference, with the numbers. */
  readonly words: readonly string[]
}

export interface Balance {
  readonly requests: number
  readonly rows: readonly AccountRow[]
  readonly ingressRows: readonly IngressRow[]
  /** Null where every place counted the same. */
  readonly partedAt: Parting | null
}

/**
 * Holds the accounts against each other in the order in which a request passes the places: each place has to have exactly
 * what the one before it has. Only the step from the client takes more than equality: requests that apps caused are added,
 * as many as the client's answers stand for, with whatever answer the ingress saw; and a request without an answer may
 * have been counted or not.
 */
export function balance(accounts: Accounts, causes: readonly CausedRequest[]): Balance {
  const answered = accounts.client.filter(({ status }) => status !== 0)
  const steps: readonly (readonly [place: Place, before: Place | null, differences: () => Difference[]])[] = [
    [
      'client',
      null,
      () => (sumOf(answered) === 0 ? [{ kind: 'nothing', unanswered: sumOf(accounts.client) }] : []),
    ],
    ['ingress', 'client', () => beyondClient('ingress', accounts, accounts.ingress, causes)],
    // The ingress knows no routes: the app's are held against the client's as well.
    [
      'app',
      'ingress',
      () => [...ofIngress(accounts), ...beyondClient('app', accounts, accounts.app, causes)],
    ],
    ['prometheus', 'app', () => unlike('prometheus', 'app', accounts.prometheus, accounts.app)],
    ['loki', 'prometheus', () => unlike('loki', 'prometheus', accounts.loki, accounts.prometheus)],
  ]
  const parted = steps
    .map(([place, before, differences]) => ({ place, before, words: differences().map(describeDifference) }))
    .find(({ words }) => words.length > 0)
  return {
    requests: sumOf(answered),
    rows: rowsOf(accounts),
    ingressRows: ingressRowsOf(accounts),
    partedAt: parted ?? null,
  }
}

/** Kinds of which two places have different numbers. */
function unlike(
  place: Place,
  before: Place,
  here: readonly Counted[],
  there: readonly Counted[],
): Difference[] {
  return kindsIn(here, there).flatMap(({ count: _, ...answer }) => {
    const [counted, wanted] = [countOf(here, kindOf(answer)), countOf(there, kindOf(answer))]
    return counted === wanted ? [] : [{ kind: 'unlike', place, before, answer, counted, wanted }]
  })
}

const ofIngress = ({ app, ingress }: Accounts): Difference[] =>
  unlike('app', 'ingress', app.map(withoutRoute), ingress)

/** What a place has to have beside the client's answers, at the least and at the most. */
interface Allowance {
  readonly least: number
  readonly most: number
}

/**
 * Each answer of the client has to be there, and beside them exactly those that were caused, whatever their status:
 * compared by app and method, and by route where the place knows routes.
 */
function beyondClient(
  place: 'ingress' | 'app',
  { client }: Accounts,
  here: readonly Counted[],
  causes: readonly CausedRequest[],
): Difference[] {
  const forget = (answer: Counted): Counted => (place === 'ingress' ? withoutRoute(answer) : answer)
  const sent = client.map(forget)
  const answered = sent.filter(({ status }) => status !== 0)
  const targetOf = ({ app, method, route }: Counted) => ({
    app,
    method,
    ...(route === undefined ? {} : { route }),
  })
  const targets = new Map(kindsIn(here, sent).map((one) => [JSON.stringify(targetOf(one)), targetOf(one)]))
  return [...targets].flatMap(([key, target]): Difference[] => {
    const isOfTarget = (answer: Counted) => JSON.stringify(targetOf(answer)) === key
    const ours = answered.filter(isOfTarget)
    const theirs = here.filter(isOfTarget)
    const caused = causes
      .filter(({ to }) => isOfTarget(forget({ ...to, status: 0, count: 0 })))
      .map((cause) => causedBy(cause, client))
    const unanswered = sumOf(sent.filter((answer) => isOfTarget(answer) && answer.status === 0))
    const least = caused.reduce((sum, one) => sum + one.least, 0)
    const most = caused.reduce((sum, one) => sum + one.most, unanswered)
    const differences = ours.flatMap((answer): Difference[] => {
      const [counted, wanted] = [countOf(theirs, kindOf(answer)), countOf(ours, kindOf(answer))]
      const isExact = most === 0
      return counted < wanted || (isExact && counted > wanted)
        ? [{ kind: 'unlike', place, before: 'client', answer, counted, wanted }]
        : []
    })
    const others = theirs.filter(
      (answer) => most === 0 && answer.count > 0 && !ours.some((one) => kindOf(one) === kindOf(answer)),
    )
    const beyond = sumOf(theirs) - sumOf(ours)
    return [
      ...differences,
      ...others.map(
        (answer): Difference => ({
          kind: 'unlike',
          place,
          before: 'client',
          answer,
          counted: answer.count,
          wanted: 0,
        }),
      ),
      ...(most > 0 && (beyond < least || beyond > most)
        ? [
            {
              kind: 'caused' as const,
              place,
              target,
              counted: sumOf(theirs),
              sent: sumOf(ours),
              least,
              most,
              unanswered,
            },
          ]
        : []),
    ]
  })
}

/** An answer as it should be stands for its caused requests; another one, or none, may have come before they were sent. */
function causedBy({ from, times }: CausedRequest, client: readonly CountedAnswer[]): Allowance {
  const { app, method, route, status } = from
  const ofRoute = client.filter(
    (answer) => answer.app === app && answer.method === method && answer.route === route,
  )
  const least = sumOf(ofRoute.filter((answer) => answer.status === status)) * times
  return { least, most: sumOf(ofRoute) * times }
}
