import { type AnsweredVersion, capital, type OfferingVersion, offering } from './asked-version.ts'
import { dayInWords } from './calendar.ts'
import { type Clinic, unitName } from './clinic.ts'
import type { Schedule } from './schedule-call.ts'
import { differs, slotDays } from './slot-rows.ts'

/** What the two answers are to each other, in words. */
export interface Agreement {
  readonly kind: 'same-slots' | 'same-refusal' | 'different' | 'not-comparable'
  readonly summary: string
  /** One sentence a difference. */
  readonly differences: readonly string[]
}

/** So many slots are named in a sentence; the table marks them all. */
const namedSlots = 3

export function judgeAgreement(answered: readonly AnsweredVersion[], clinic: Clinic | undefined): Agreement {
  const texts = answered.flatMap(({ answer }) => (answer.kind === 'failed' ? [] : [answer.text]))
  if (texts.length < answered.length) return notComparable(answered)
  if (new Set(texts).size > 1) {
    const differences = differencesOf(answered, texts, clinic)
    return { kind: 'different', summary: 'The versions give different answers.', differences }
  }
  return offering(answered).length > 0
    ? { kind: 'same-slots', summary: 'Both versions give the same answer, to the letter.', differences: [] }
    : {
        kind: 'same-refusal',
        summary: 'Both versions refuse this question, in the same words.',
        differences: [],
      }
}

function notComparable(answered: readonly AnsweredVersion[]): Agreement {
  const failed = answered.filter(({ answer }) => answer.kind === 'failed').map(({ name }) => name)
  const who = failed.length === answered.length ? 'both versions failed' : `${failed.join()} failed`
  return {
    kind: 'not-comparable',
    summary: `The versions cannot be compared: ${who}.`,
    differences: [],
  }
}

function differencesOf(
  answered: readonly AnsweredVersion[],
  texts: readonly string[],
  clinic: Clinic | undefined,
): string[] {
  const offers = offering(answered)
  if (offers.length < answered.length) return answered.map((one) => capital(answerInShort(one)))
  const found = [...missingSlots(offers, clinic), ...otherFields(offers)]
  if (found.length > 0) return found
  const sizes = texts.map((text) => `${text.length} characters`).join(' and ')
  return [`They say the same, but not to the letter: their texts have ${sizes}.`]
}

function answerInShort({ name, answer }: AnsweredVersion): string {
  if (answer.kind === 'slots') return `${name} offers ${countOf(answer.schedule.slots.length)}.`
  if (answer.kind === 'failed') return `${name} ${answer.reason}.`
  const reasons = answer.errors.map(({ parameter, detail }) => `${parameter ?? 'the query'} ${detail}`)
  return `${name} refuses the question with status ${answer.status}: ${reasons.join('; ')}.`
}

function missingSlots(offers: readonly OfferingVersion[], clinic: Clinic | undefined): string[] {
  const places = slotDays(offers).flatMap(({ day, rows }) =>
    rows.flatMap(({ unitId, slots }) =>
      slots
        .filter((slot) => differs(slot, offers))
        .map(({ by, time, note }) => ({
          by,
          text: `${dayInWords(day)}, ${time}${note === undefined ? '' : ` ${note}`} at ${unitName(clinic, unitId)}`,
        })),
    ),
  )
  return offers.flatMap(({ version, name }) => {
    const only = places.filter(({ by }) => by.has(version)).map(({ text }) => text)
    if (only.length === 0) return []
    const named = only.slice(0, namedSlots).join('; ')
    const more = only.length > namedSlots ? `; and ${only.length - namedSlots} more` : ''
    return [`Only ${name} offers ${countOf(only.length)}: ${named}${more}.`]
  })
}

const fields: readonly (readonly [what: string, read: (schedule: Schedule) => string | number])[] = [
  ['name', ({ professional }) => professional.name],
  ['specialty', ({ professional }) => professional.specialty],
  ['first day', ({ start }) => start],
  ['last day', ({ end }) => end],
  ['timezone', ({ timezone }) => timezone],
  ['length of a slot in minutes', ({ slot_minutes }) => slot_minutes],
]

function otherFields(offers: readonly OfferingVersion[]): string[] {
  return fields.flatMap(([what, read]) => {
    const values = offers.map(({ schedule }) => read(schedule))
    if (new Set(values).size === 1) return []
    return [`The ${what} is ${offers.map(({ name }, index) => `${values[index]} in ${name}`).join(' and ')}.`]
  })
}

export function countOf(slots: number): string {
  if (slots === 0) return 'no free slot'
  return slots === 1 ? '1 free slot' : `${slots} free slots`
}
