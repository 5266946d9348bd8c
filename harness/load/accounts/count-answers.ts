import { type CountKey, countKey } from '../../traffic/request-ledger.ts'
import type { CountedAnswer } from './account-figures.ts'

/** Answers of one kind taken together, whoever counted them; kinds that come to nothing are left out. */
export function mergeAnswers<A extends { readonly count: number }>(
  answers: readonly A[],
  kindOf: (answer: A) => string,
): A[] {
  return [...Map.groupBy(answers, kindOf).values()].flatMap((alike) => {
    const [first] = alike
    const count = sumOf(alike)
    return first === undefined || count === 0 ? [] : [{ ...first, count }]
  })
}

export const sumOf = (answers: readonly { readonly count: number }[]): number =>
  answers.reduce((sum, { count }) => sum + count, 0)

export const kindOfAnswer = ({ app, method, route, status }: Omit<CountedAnswer, 'count'>): string =>
  `${app} ${countKey(method, route, status)}`

/** What an app's own counts grew by; a count that fell began again at 0, as it does when the app is started again. */
export function countedMore(
  app: string,
  before: ReadonlyMap<CountKey, number>,
  now: ReadonlyMap<CountKey, number>,
): CountedAnswer[] {
  return [...now].flatMap(([key, value]) => {
    const earlier = before.get(key) ?? 0
    const count = value >= earlier ? value - earlier : value
    return count === 0 ? [] : [{ app, ...partsOf(key), count }]
  })
}

function partsOf(key: CountKey): { method: string; route: string; status: number } {
  const [method = '', ...rest] = key.split(' ')
  return { method, route: rest.slice(0, -1).join(' '), status: Number(rest.at(-1)) }
}
