import type { OfferingVersion } from './asked-version.ts'
import type { Slot } from './schedule-call.ts'

/** A slot that at least one version offers. */
export interface OfferedSlot extends Slot {
  /** `09:00` */
  readonly time: string
  /** What tells it from another slot of its row at this time: `UTC+1`, or `to 09:30`. */
  readonly note: string | undefined
  /** The versions that offer it: `v1`, `v2`. */
  readonly by: ReadonlySet<string>
}

/** One row to compare: the slots of a day in one unit, whoever offers them. */
interface SlotRow {
  readonly unitId: string
  readonly slots: readonly OfferedSlot[]
}

export interface SlotDay {
  readonly day: string
  readonly rows: readonly SlotRow[]
}

/** All slots of all versions by day and unit, in order of time, so that the same slot has the same place in each. */
export function slotDays(offers: readonly OfferingVersion[]): SlotDay[] {
  const days = Map.groupBy(allSlots(offers), ({ start }) => start.slice(0, 10))
  return [...days].map(([day, ofDay]) => ({
    day,
    rows: [...Map.groupBy(ofDay, ({ unit_id }) => unit_id)].map(([unitId, slots]) => ({
      unitId,
      slots: withLabels(slots),
    })),
  }))
}

/** A slot that not all of these versions offer. */
export function differs({ by }: Pick<OfferedSlot, 'by'>, offers: readonly unknown[]): boolean {
  return by.size < offers.length
}

type UnlabelledSlot = Omit<OfferedSlot, 'time' | 'note'>

function allSlots(offers: readonly OfferingVersion[]): UnlabelledSlot[] {
  const found = new Map<string, Slot & { readonly by: Set<string> }>()
  for (const { version, schedule } of offers) {
    for (const slot of schedule.slots) {
      const key = JSON.stringify([slot.start, slot.end, slot.unit_id])
      const known = found.get(key)
      if (known === undefined) found.set(key, { ...slot, by: new Set([version]) })
      else known.by.add(version)
    }
  }
  return [...found.values()].toSorted(
    (a, b) =>
      a.start.slice(0, 10).localeCompare(b.start.slice(0, 10)) ||
      Date.parse(a.start) - Date.parse(b.start) ||
      Date.parse(a.end) - Date.parse(b.end),
  )
}

/**
 * The night in which the clock is set back has an hour twice, and two versions may differ in an end alone: only then
 * does a time not say which slot it is.
 */
function withLabels(slots: readonly UnlabelledSlot[]): OfferedSlot[] {
  const byOffset = [...Map.groupBy(slots, ({ start }) => start.slice(19)).values()]
  const timesOf = (some: readonly UnlabelledSlot[]) => some.map(({ start }) => timeOf(start)).toSorted()
  const lastBefore = timesOf(byOffset[0] ?? []).at(-1) ?? ''
  const [firstAfter = ''] = timesOf(byOffset.slice(1).flat())
  return slots.map((slot) => {
    const time = timeOf(slot.start)
    const isTwice = byOffset.length > 1 && firstAfter <= time && time <= lastBefore
    const isOtherEnd = slots.some((other) => other !== slot && other.start === slot.start)
    const notes = [isTwice && offsetInWords(slot.start.slice(19)), isOtherEnd && `to ${timeOf(slot.end)}`]
    return { ...slot, time, note: notes.filter(Boolean).join(' ') || undefined }
  })
}

function timeOf(text: string): string {
  return text.slice(11, 16)
}

/** `UTC+1`, `UTC-3:30` */
function offsetInWords(offset: string): string {
  return `UTC${offset.replace(/^([+-])0/, '$1').replace(':00', '')}`
}
