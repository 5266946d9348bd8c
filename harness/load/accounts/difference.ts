import type { CountedAnswer, Place } from './account-figures.ts'

/** How two places differ, and how that is said. */
export type Difference =
  /** The client got no answer at all, so there is nothing that could agree. */
  | { readonly kind: 'nothing'; readonly unanswered: number }
  | {
      readonly kind: 'unlike'
      readonly place: Place
      readonly before: Place
      readonly answer: Omit<CountedAnswer, 'route' | 'count'> & { readonly route?: string }
      readonly counted: number
      readonly wanted: number
    }
  /** The client's answers stand for more or fewer requests of other apps than the place has beside them. */
  | {
      readonly kind: 'caused'
      readonly place: Place
      readonly target: { readonly app: string; readonly method: string; readonly route?: string }
      readonly counted: number
      readonly sent: number
      readonly least: number
      readonly most: number
      readonly unanswered: number
    }

const names: Readonly<Record<Place, string>> = {
  client: 'the client',
  ingress: 'the ingress',
  app: 'the app',
  prometheus: 'Prometheus',
  loki: 'Loki',
}

export function describeDifference(difference: Difference): string {
  if (difference.kind === 'nothing') {
    return difference.unanswered === 0
      ? 'the client sent no request'
      : `none of the ${difference.unanswered} requests of the client got an answer`
  }
  if (difference.kind === 'unlike') {
    const { place, before, answer, counted, wanted } = difference
    const { app, method, route, status } = answer
    const what = `${app}: ${method}${route === undefined ? '' : ` ${route}`} ${status === 0 ? 'without an answer' : status}`
    const by = Math.abs(counted - wanted)
    return `${what}: ${names[before]} has ${wanted}, ${names[place]} ${counted}: ${by} ${counted < wanted ? 'fewer' : 'more'}`
  }
  const { place, target, counted, sent, least, most, unanswered } = difference
  const wanted = least === most ? `${least}` : `${least} to ${most}`
  const lost = unanswered === 0 ? '' : `, ${unanswered} of its requests got no answer`
  return `${target.app}: ${target.method}${target.route === undefined ? '' : ` ${target.route}`}: the client got ${sent} answers${lost} and its requests stand for ${wanted} more by other apps; ${names[place]} has ${counted}: ${beyondBy(counted - sent, least, most)}`
}

const beyondBy = (beyond: number, least: number, most: number): string =>
  beyond < least ? `${least - beyond} fewer` : `${beyond - most} more`

/** For a claim's message: where the accounts part, and every difference there. */
export const describeParting = ({
  place,
  before,
  words,
}: {
  readonly place: Place
  readonly before: Place | null
  readonly words: readonly string[]
}): string =>
  `${before === null ? `there is no account at ${names[place]}` : `the accounts part between ${names[before]} and ${names[place]}`}: ${words.join('; ')}`
