import fc from 'fast-check'
import type { ClinicData } from './clinic-data.ts'
import {
  addDays,
  dayFrom,
  escapedText,
  malformedText,
  noDay,
  noDayOfTheCalendar,
  noId,
  rawText,
  unknownId,
} from './text-arbitraries.ts'

/**
 * Query strings: right ones, spoilt ones, wild ones. Made of independent parts that are put together last, because only
 * such a text can be made smaller part by part.
 */

/** A pair of the query as it goes over the wire; without a value there is no `=`. */
interface Pair {
  readonly name: string
  readonly value: string | undefined
}

type Pairs = readonly Pair[]
type Change = (pairs: Pairs) => Pairs
type Question = fc.Arbitrary<string | undefined>

const knownNames = ['professional_id', 'start', 'end', 'unit_id'] as const
const longestDaysAfterStart = 30

/** What the clinic has slots for, or has none of: answered with 200. */
export function rightQuestions(data: ClinicData): Question {
  return dressed(rightPairs(data), fc.constant([]))
}

/** With one or two things wrong. */
export function spoiltQuestions(data: ClinicData): Question {
  const { malformed_query, ...others } = spoilings(data)
  const other = fc.oneof(
    // What is found is tried without the change, too.
    { withCrossShrink: true },
    { arbitrary: fc.constant<Change>((pairs) => pairs), weight: 1 },
    ...Object.values(others).map((arbitrary) => ({ arbitrary, weight: 2 })),
  )
  return fc.oneof(
    { arbitrary: dressed(rightPairs(data), fc.tuple(other)), weight: 8 },
    { arbitrary: dressed(rightPairs(data), fc.tuple(other, other)), weight: 3 },
    // Hides every other error, and so has no share of the questions with two.
    { arbitrary: dressed(rightPairs(data), fc.tuple(malformed_query)), weight: 2 },
  )
}

/** Right but for an id that nobody has: answered with 404. */
export function notFoundQuestions(data: ClinicData): Question {
  const change = fc
    .tuple(unknownId, fc.subarray(['professional_id', 'unit_id'] as const, { minLength: 1 }))
    .map(
      ([id, names]): Change =>
        (pairs) =>
          names.reduce((all, name) => put(all, name, id), pairs),
    )
  return dressed(rightPairs(data), fc.tuple(change))
}

/** Any names, any values. */
export function wildQuestions(): Question {
  const text = fc.oneof(fc.constant(''), fc.constantFrom(...knownNames), rawText, escapedText)
  const pair = fc.record({ name: text, value: fc.option(text, { nil: undefined }) })
  return dressed(fc.array(pair, { maxLength: 5 }), fc.constant([]))
}

function rightPairs({ professionals, units, from, until }: ClinicData): fc.Arbitrary<Pairs> {
  const length = fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.integer({ min: 0, max: 6 }), weight: 3 },
    { arbitrary: fc.integer({ min: 7, max: longestDaysAfterStart }), weight: 1 },
    { arbitrary: fc.constant(longestDaysAfterStart), weight: 1 },
  )
  return fc
    .record({
      professional: fc.constantFrom(...professionals),
      start: dayFrom(from, until),
      length,
      unit: fc.option(fc.constantFrom(...units), { nil: undefined }),
    })
    .map(({ professional, start, length: days, unit }) => {
      const end = addDays(start, days)
      return [
        { name: 'professional_id', value: professional },
        { name: 'start', value: start },
        { name: 'end', value: end > until ? until : end },
        ...(unit === undefined ? [] : [{ name: 'unit_id', value: unit }]),
      ]
    })
}

/** One change each, by the code of the error that it is made for. */
function spoilings({ from, until }: ClinicData) {
  const putting = (names: readonly string[], values: fc.Arbitrary<string | undefined>) =>
    fc.tuple(fc.constantFrom(...names), values).map(
      ([name, value]): Change =>
        (pairs) =>
          put(pairs, name, value),
    )
  const range = (days: fc.Arbitrary<number>) =>
    fc.tuple(dayFrom(addDays(from, 60), addDays(until, -60)), days).map(
      ([start, count]): Change =>
        (pairs) =>
          put(put(pairs, 'start', start), 'end', addDays(start, count)),
    )
  const adding = (names: fc.Arbitrary<string>, values: fc.Arbitrary<string | undefined>) =>
    fc.record({ name: names, value: values, place: fc.nat(4) }).map(
      ({ place, ...pair }): Change =>
        (pairs) =>
          pairs.toSpliced(place, 0, pair),
    )
  const day = ['start', 'end']
  return {
    repeated: fc.constantFrom(...knownNames).map(
      (name): Change =>
        (pairs) => [...pairs, { name, value: '1' }, { name, value: '2' }],
    ),
    missing: fc.constantFrom('professional_id', 'start', 'end').map(
      (missing): Change =>
        (pairs) =>
          pairs.filter(({ name }) => name !== missing),
    ),
    empty: putting(knownNames, fc.constantFrom('', undefined)),
    not_an_id: putting(['professional_id', 'unit_id'], noId),
    not_a_date: putting(day, noDay),
    not_in_calendar: putting(day, noDayOfTheCalendar),
    outside_period: putting(
      day,
      fc.constantFrom(
        addDays(from, -1),
        addDays(until, 1),
        '0001-01-01',
        '9999-12-31',
        '2028-02-29',
        '2024-02-29',
      ),
    ),
    before_start: range(fc.integer({ min: -40, max: -1 })),
    range_too_long: range(fc.integer({ min: longestDaysAfterStart + 1, max: 50 })),
    unknown: adding(
      fc.oneof(fc.constantFrom('limit', '', 'START', 'Unit_Id', 'start+', 'start[]'), rawText, escapedText),
      fc.constantFrom('', '1', undefined),
    ),
    malformed_query: fc.oneof(
      adding(fc.constant('unit_id'), malformedText),
      adding(malformedText, fc.constant('1')),
    ),
  }
}

function put(pairs: Pairs, name: string, value: string | undefined): Pairs {
  return [...pairs.filter((pair) => pair.name !== name), { name, value }]
}

/** The changes made and the query written: in any order, with escapes that need not be, and with empty pieces. */
function dressed(pairs: fc.Arbitrary<Pairs>, changes: fc.Arbitrary<readonly Change[]>): Question {
  const rarely = (text: string) =>
    fc.oneof({ arbitrary: fc.constant(''), weight: 9 }, { arbitrary: fc.constant(text), weight: 1 })
  return fc
    .record({
      pairs,
      changes,
      order: fc.array(fc.nat(3), { maxLength: 6 }),
      escapes: needlessEscapes,
      between: rarely('&'),
      around: rarely('&'),
      hasNoMark: fc.boolean(),
    })
    .map(({ pairs: right, changes: made, order, escapes, between, around, hasNoMark }) => {
      const changed = made.reduce((all, change) => change(all), right)
      const texts = changed
        .map(({ name, value }, index) => ({
          text: value === undefined ? name : `${name}=${value}`,
          rank: order[index] ?? 0,
        }))
        .toSorted((a, b) => a.rank - b.rank)
        .map(({ text }) => text)
      const plain = around + texts.join(`&${between}`) + around
      if (plain === '' && hasNoMark) return undefined
      return escapes.reduce<string>(escapeOne, plain)
    })
}

interface Escape {
  readonly place: number
  readonly isUpperCase: boolean
}

const needlessEscapes: fc.Arbitrary<readonly Escape[]> = fc.oneof(
  { arbitrary: fc.constant([]), weight: 2 },
  {
    arbitrary: fc.array(fc.record({ place: fc.nat(80), isUpperCase: fc.boolean() }), { maxLength: 4 }),
    weight: 1,
  },
)

/** Escapes one character that need not be: no `%`, none of an escape, nothing that divides. */
function escapeOne(text: string, { place, isUpperCase }: Escape): string {
  const before = text.slice(0, place)
  const [character = ''] = text.slice(place)
  if (!/^[a-z0-9_-]$/i.test(character) || /%.?$/.test(before)) return text
  const digits = character.charCodeAt(0).toString(16)
  return `${before}%${isUpperCase ? digits.toUpperCase() : digits}${text.slice(place + 1)}`
}
