import { countOf } from './answer-agreement.ts'
import { capital, type OfferingVersion } from './asked-version.ts'
import { dayInWords } from './calendar.ts'
import { type Clinic, unitName } from './clinic.ts'
import { type Html, html } from './html.ts'
import type { ScheduleQuery } from './schedule-query.ts'
import { differs, type OfferedSlot, type SlotDay, slotDays } from './slot-rows.ts'

/** The slots by day and unit, one column a version; a slot has the same place in each column, offered there or not. */
export function renderSlots(
  offers: readonly OfferingVersion[],
  query: ScheduleQuery,
  clinic: Clinic | undefined,
): Html {
  const [first] = offers
  if (first === undefined) return html``
  const { professional, start, end, timezone, slot_minutes } = first.schedule
  const days = slotDays(offers)
  const counts = new Set(offers.map(({ schedule }) => schedule.slots.length))
  const count = counts.size === 1 ? countOf(first.schedule.slots.length) : 'Free slots'
  const day = (text: string) => html`<time datetime="${text}">${dayInWords(text)}</time>`
  const period = start === end ? html`on ${day(start)}` : html`from ${day(start)} to ${day(end)}`
  const elsewhere = query.unit_id.length > 0 ? 'other days or another unit' : 'other days'
  return html`<section aria-labelledby="slots-title">
<h2 id="slots-title">${professional.name}<span class="specialty">${professional.specialty}</span></h2>
<p class="quiet">${
    days.length === 0
      ? html`There is no free slot ${period}. Try ${elsewhere}.`
      : html`${count} of ${slot_minutes} minutes ${period}. Times of ${timezone}.`
  }</p>
${days.length > 0 && renderTable(offers, days, clinic)}
</section>`
}

function renderTable(
  offers: readonly OfferingVersion[],
  days: readonly SlotDay[],
  clinic: Clinic | undefined,
): Html {
  return html`<table aria-labelledby="slots-title" class="of-${offers.length}">
<thead><tr><th scope="col" class="unit-head">Unit</th>${offers.map(
    ({ name, madeWith, schedule }) =>
      html`<th scope="col">${capital(name)} <span class="quiet">${madeWith}, ${schedule.slots.length} free</span></th>`,
  )}</tr></thead>
${days.map(
  ({ day, rows }) => html`<tbody>
<tr class="day"><th scope="rowgroup" colspan="${offers.length + 1}"><time datetime="${day}">${dayInWords(day)}</time>${differencesTag(rows.flatMap(({ slots }) => slots).filter((slot) => differs(slot, offers)).length)}</th></tr>
${rows.map(
  ({ unitId, slots }) =>
    html`<tr><th scope="row">${unitName(clinic, unitId)}</th>${offers.map(
      ({ version }) => html`<td>${renderCell(version, slots, offers)}</td>`,
    )}</tr>
`,
)}</tbody>
`,
)}</table>`
}

function differencesTag(count: number): Html | undefined {
  if (count === 0) return undefined
  return html` <span class="tag">${count === 1 ? '1 difference' : `${count} differences`}</span>`
}

function renderCell(
  version: string,
  slots: readonly OfferedSlot[],
  offers: readonly OfferingVersion[],
): Html {
  return html`<ul class="slots">${slots.map((slot) => {
    const time = html`<time datetime="${slot.start}">${slot.time}</time>${slot.note && html` <small>${slot.note}</small>`}`
    if (!differs(slot, offers)) return html`<li>${time}</li>`
    return slot.by.has(version)
      ? html`<li class="only">${time} <small>only here</small></li>`
      : html`<li class="missing">${time} <small>missing</small></li>`
  })}</ul>`
}
