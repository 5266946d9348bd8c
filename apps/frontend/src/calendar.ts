/** Days as the APIs write them: YYYY-MM-DD, compared as text. */

const dayMs = 24 * 60 * 60 * 1000

/** The day that it is in UTC. */
export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10)
}

/** Whether the calendar has this day, as the APIs understand it: years 0001 to 9999. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text.startsWith('0000')) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && dayOf(date) === text
}

/** The day so many days later; the same text when that is no day that can be written. */
export function addDays(day: string, count: number): string {
  const moved = new Date(Date.parse(`${day}T00:00:00Z`) + count * dayMs)
  if (Number.isNaN(moved.getTime())) return day
  const text = dayOf(moved)
  return isDay(text) ? text : day
}

/** How many days lie from `first` to `last`, both included. */
export function daysFromTo(first: string, last: string): number {
  return Math.round((Date.parse(`${last}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / dayMs) + 1
}

export const earliest = (...days: string[]): string => days.toSorted()[0] ?? ''
export const latest = (...days: string[]): string => days.toSorted().at(-1) ?? ''

const inWords = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
})

/** `Monday 23 November 2026`; a text that is no day stays as it is. */
export function dayInWords(day: string): string {
  // Whether a comma follows the weekday depends on the version of ICU.
  return isDay(day) ? inWords.format(new Date(`${day}T00:00:00Z`)).replace(',', '') : day
}
