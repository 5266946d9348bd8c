import { addDays, dayOf, daysFromTo, earliest, isDay, latest } from './calendar.ts'
import type { Clinic } from './clinic.ts'

/** The parameters that the APIs know, in their order. */
export const parameters = ['professional_id', 'start', 'end', 'unit_id'] as const

export type ScheduleParameter = (typeof parameters)[number]

/** What the page asks of both APIs: every value that was given, right or wrong, so that the APIs say what is wrong. */
export type ScheduleQuery = Readonly<Record<ScheduleParameter, readonly string[]>>

const weekDays = 7

/**
 * Fills in what was not given: the first professional, and the week from `start` or today on, inside the period that
 * the clinic has data for.
 */
export function scheduleQuery(
  given: Readonly<Record<string, unknown>>,
  today: Date,
  clinic?: Clinic,
): ScheduleQuery {
  const valuesOf = (name: ScheduleParameter) => [given[name] ?? []].flat().map(String)
  const orElse = (values: string[], fallback: () => string) => (values.length > 0 ? values : [fallback()])

  const start = orElse(valuesOf('start'), () => startOfWeek(dayOf(today), clinic))
  const [first = ''] = start
  return {
    professional_id: orElse(valuesOf('professional_id'), () => clinic?.professionals[0]?.id ?? 'ana-duarte'),
    start,
    end: orElse(valuesOf('end'), () => endOfWeek(isDay(first) ? first : dayOf(today), clinic)),
    // The form sends its empty field; for the APIs an empty unit would be an error.
    unit_id: valuesOf('unit_id').filter((unit) => unit !== ''),
  }
}

export function writeQuery(query: ScheduleQuery): string {
  const written = new URLSearchParams()
  for (const name of parameters) for (const value of query[name]) written.append(name, value)
  return written.toString()
}

/** As many days right before (`-1`) or after (`1`) those of `query`; undefined when the clinic has no data for any. */
export function daysBeside(
  query: ScheduleQuery,
  direction: -1 | 1,
  clinic?: Clinic,
): ScheduleQuery | undefined {
  const [start = '', end = ''] = [query.start[0], query.end[0]]
  if (!isDay(start) || !isDay(end) || end < start) return undefined
  const step = direction * daysFromTo(start, end)
  const first = latest(addDays(start, step), clinic?.valid_from ?? '')
  const last = earliest(addDays(end, step), clinic?.valid_until ?? '9999-12-31')
  return last < first ? undefined : { ...query, start: [first], end: [last] }
}

function startOfWeek(today: string, clinic?: Clinic): string {
  if (clinic === undefined) return today
  return latest(clinic.valid_from, earliest(today, addDays(clinic.valid_until, 1 - weekDays)))
}

function endOfWeek(start: string, clinic?: Clinic): string {
  const end = addDays(start, weekDays - 1)
  return clinic !== undefined && start <= clinic.valid_until ? earliest(end, clinic.valid_until) : end
}
