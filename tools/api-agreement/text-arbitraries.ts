import fc from 'fast-check'

/** Texts as a query may hold them: raw, escaped, or broken. */

const dayMs = 24 * 60 * 60 * 1000

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(day) + count * dayMs).toISOString().slice(0, 10)
}

/** A day of the period; its ends and the days on which Lisbon's clock changes come more often than by chance. */
export function dayFrom(from: string, until: string): fc.Arbitrary<string> {
  const days = Math.round((Date.parse(until) - Date.parse(from)) / dayMs)
  const special = [from, until, '2026-03-29', '2026-10-25', '2027-03-28', '2027-10-31', '2026-12-25']
  return fc.oneof(
    { arbitrary: fc.nat(days).map((count) => addDays(from, count)), weight: 3 },
    { arbitrary: fc.constantFrom(...special.filter((day) => from <= day && day <= until)), weight: 1 },
  )
}

/** Any text, fully escaped where it has to be: quotes, control characters, other alphabets, surrogate pairs. */
export const escapedText: fc.Arbitrary<string> = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 12 })
  .map((text) => encodeURIComponent(text).replaceAll('%20', '+'))

/** Printable ASCII as it is, but for what divides a query or escapes. */
export const rawText: fc.Arbitrary<string> = fc.string({
  unit: fc
    .integer({ min: 0x21, max: 0x7e })
    .map((code) => String.fromCharCode(code))
    .filter((one) => !'&=%+'.includes(one)),
  minLength: 1,
  maxLength: 12,
})

/** Escapes that are none, or are no UTF-8. */
export const malformedText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('%', '%4', '%zz', 'a%', '%%41', '%FF', '%C3', '%C3%28', '%C0%AF', '%E0%80%80', '%ED%A0%80'),
  fc.constantFrom('%F4%90%80%80', '%80', '%EF%BF', '%e2%82', '%F0%9F%98'),
  fc
    .uint8Array({ minLength: 1, maxLength: 6 })
    .map((bytes) => `${[...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')}%fe`),
)

/** What looks like a day and is written in another way. */
export const noDay: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '2026-1-1',
    '20260101',
    '2026-11-23T00:00',
    'today',
    '+2026-01-01',
    '2026-01-01%0A',
    '2026/01/01',
  ),
  fc.constantFrom(
    '2026-01-0%D9%A1',
    '%EF%BC%92026-01-01',
    '2026-01-01Z',
    '-2026-01-01',
    '12026-01-01',
    '2026-01-011',
  ),
  fc.string({ unit: fc.constantFrom(...'0123456789-'), minLength: 1, maxLength: 9 }),
  escapedText,
)

/** Written as a day that no calendar has. */
export const noDayOfTheCalendar: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '2026-02-29',
    '2027-02-29',
    '2026-02-30',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
  ),
  fc.constantFrom('2100-02-29', '1900-02-29', '0000-01-01', '0000-02-29', '2026-01-32', '9999-99-99'),
  fc
    .tuple(fc.nat(9999), fc.integer({ min: 13, max: 99 }), fc.nat(99))
    .map(([year, month, day]) =>
      [String(year).padStart(4, '0'), month, String(day).padStart(2, '0')].join('-'),
    ),
)

export const noId: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '-ana',
    'Ana-Duarte',
    'ana_duarte',
    'ana+duarte',
    'ana%2Bduarte',
    'ana%00',
    'ana%0A',
    '%C3%A1na',
    '%'.concat('20'),
  ),
  fc.integer({ min: 65, max: 6_000 }).map((length) => 'a'.repeat(length)),
  escapedText.filter((text) => !/^[a-z0-9]/.test(text)),
)

/** An id as the contract has them that is nobody's. */
export const unknownId: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('zz', '0', 'z-'), fc.string({ unit: fc.constantFrom(...'abz019-'), maxLength: 62 }))
  .map(([first, rest]) => first + rest)
