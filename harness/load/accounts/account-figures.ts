import type { AnswerCount } from '../load-figures.ts'

/** Who counted which answers during a load, each place by itself: plain data, since it is kept in the run's folder. */

/** The places that count a request, in the order in which it passes them. */
export const places = ['client', 'ingress', 'app', 'prometheus', 'loki'] as const
export type Place = (typeof places)[number]

/** Answers of one kind that one app gave; status 0 is a request that got none. */
export interface CountedAnswer extends AnswerCount {
  readonly app: string
}

/** The ingress knows which app it asked, but none of the app's routes. */
export type IngressCount = Omit<CountedAnswer, 'route'>

/** What each place counted between a quiet moment before the load and one after it; kinds without an answer are left out. */
export interface Accounts {
  readonly client: readonly CountedAnswer[]
  readonly ingress: readonly IngressCount[]
  readonly app: readonly CountedAnswer[]
  readonly prometheus: readonly CountedAnswer[]
  readonly loki: readonly CountedAnswer[]
}

/**
 * Answers of one kind make their app ask another one, through the ingress: that request is in every account but the
 * client's, and nobody but the ingress saw first how it was answered.
 */
export interface CausedRequest {
  readonly from: Omit<CountedAnswer, 'count'>
  readonly to: Pick<CountedAnswer, 'app' | 'method' | 'route'>
  /** How many of them one such answer stands for. */
  readonly times: number
}
