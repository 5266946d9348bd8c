/** The parameters that the APIs know, in their order. */
const parameters = ['professional_id', 'start', 'end', 'unit_id'] as const

type ScheduleParameter = (typeof parameters)[number]

/** What the page asks of both APIs: every value that was given, right or wrong, so that the APIs say what is wrong. */
export type ScheduleQuery = Readonly<Record<ScheduleParameter, readonly string[]>>

const dayMs = 24 * 60 * 60 * 1000

/** Fills in what was not given: the professional of the example, and the week from `start` or today on. */
export function scheduleQuery(given: Readonly<Record<string, unknown>>, today: Date): ScheduleQuery {
  const valuesOf = (name: ScheduleParameter) => [given[name] ?? []].flat().map(String)
  const orElse = (values: string[], fallback: () => string) => (values.length > 0 ? values : [fallback()])

  const start = orElse(valuesOf('start'), () => dayOf(today))
  return {
    professional_id: orElse(valuesOf('professional_id'), () => 'ana-duarte'),
    start,
    end: orElse(valuesOf('end'), () => weekAfter(start[0] ?? '', today)),
    // The form sends its empty field; for the APIs an empty unit would be an error.
    unit_id: valuesOf('unit_id').filter((unit) => unit !== ''),
  }
}

export function writeQuery(query: ScheduleQuery): string {
  const written = new URLSearchParams()
  for (const name of parameters) for (const value of query[name]) written.append(name, value)
  return written.toString()
}

function weekAfter(start: string, today: Date): string {
  const first = Date.parse(`${start}T00:00:00Z`)
  return dayOf(new Date((Number.isNaN(first) ? today.getTime() : first) + 6 * dayMs))
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10)
}
