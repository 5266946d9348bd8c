import type { Schedule, ScheduleAnswer } from './schedule-call.ts'

/** The two implementations of the one contract, under their first path segment. */
export const versions = [
  { version: 'v1', name: 'version 1', madeWith: 'Python' },
  { version: 'v2', name: 'version 2', madeWith: 'Go' },
] as const

export type AskedVersion = (typeof versions)[number]

/** A version with what came of asking it. */
export type AnsweredVersion = AskedVersion & { readonly answer: ScheduleAnswer }

/** A version that gave slots. */
export type OfferingVersion = AskedVersion & { readonly schedule: Schedule }

export function offering(answered: readonly AnsweredVersion[]): OfferingVersion[] {
  return answered.flatMap(({ answer, ...asked }) =>
    answer.kind === 'slots' ? [{ ...asked, schedule: answer.schedule }] : [],
  )
}

/** At the beginning of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
