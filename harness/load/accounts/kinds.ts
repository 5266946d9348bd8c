import type { CountedAnswer, IngressCount } from './account-figures.ts'
import { kindOfAnswer, sumOf } from './count-answers.ts'

/** Answers of one kind are alike in everything but their number. */

/** An answer as a place counts it: the ingress knows no routes. */
export type Counted = Omit<CountedAnswer, 'route'> & { readonly route?: string }

export const withoutRoute = ({ route: _, ...answer }: Counted): IngressCount => answer

export const kindOf = ({ route, ...answer }: Omit<Counted, 'count'>): string =>
  kindOfAnswer({ route: route ?? '', ...answer })

export const countOf = (answers: readonly Counted[], kind: string): number =>
  sumOf(answers.filter((answer) => kindOf(answer) === kind))

/** One of each kind that any of the accounts has. */
export const kindsIn = <A extends Counted>(...accounts: readonly (readonly A[])[]): A[] => [
  ...new Map(accounts.flat().map((answer) => [kindOf(answer), answer])).values(),
]
