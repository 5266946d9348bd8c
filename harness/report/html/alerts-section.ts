import type { RunResult } from '../run-result.ts'
import { type Markup, markup } from './markup.ts'
import { badge, moment, scrolled, section } from './words.ts'

/** What became of each alert, and what people were told of each incident. */

export function alertsSection(result: RunResult): Markup | undefined {
  const { alertTable, noise } = result
  if (alertTable.length === 0 && noise.length === 0) return undefined
  return section(
    'alerts',
    'Alerts and what people were told',
    'From the begin of the run. The bar goes from the moment an alert fired to the one it was resolved; the mark is its delivery.',
    markup`${alertTable.length > 0 && alerts(result)}${noise.length > 0 && noiseTable(noise)}`,
  )
}

function alerts({ alertTable, startedAt, wallMs }: RunResult): Markup {
  const since = Date.parse(startedAt)
  const cell = (at: number | null) =>
    markup`<td class="number">${at === null ? badge('broken', 'never') : moment(at, since)}</td>`
  return scrolled(
    'Alerts of this run',
    markup`<table class="plain alerts"><thead><tr><th scope="col">alert</th><th scope="col">receiver</th><th scope="col" class="number">fired</th><th scope="col" class="number">delivered</th><th scope="col" class="number">resolved</th><th scope="col">over the run</th></tr></thead><tbody>${alertTable.map(
      ({ alert, receiver, firedAt, deliveredAt, resolvedAt }) =>
        markup`<tr><th scope="row">${alert}</th><td>${receiver ?? '–'}</td>${cell(firedAt)}${cell(deliveredAt)}${cell(resolvedAt)}<td class="bars">${span({ firedAt, deliveredAt, resolvedAt, since, wallMs })}</td></tr>`,
    )}</tbody></table>`,
  )
}

interface Span {
  readonly firedAt: number | null
  readonly deliveredAt: number | null
  readonly resolvedAt: number | null
  readonly since: number
  readonly wallMs: number
}

function span({ firedAt, deliveredAt, resolvedAt, since, wallMs }: Span): Markup | undefined {
  if (firedAt === null) return undefined
  const share = (at: number) => Math.min(100, Math.max(0, (100 * (at - since)) / Math.max(wallMs, 1)))
  const x = (at: number) => `${share(at).toFixed(2)}%`
  const end = resolvedAt ?? since + wallMs
  return markup`<svg class="span" aria-hidden="true" width="100%" height="12"><rect class="run" y="5" width="100%" height="2"/><rect class="firing" x="${x(firedAt)}" y="3" width="${Math.max(0.6, share(end) - share(firedAt)).toFixed(2)}%" height="6" rx="1.5"/>${deliveredAt !== null && markup`<line class="mark" x1="${x(deliveredAt)}" x2="${x(deliveredAt)}" y1="0" y2="12"/>`}</svg>`
}

function noiseTable(noise: RunResult['noise']): Markup {
  const keys = ['notifications', 'duplicates', 'flaps'] as const
  const cells = (of: (side: 'naive' | 'ours', key: (typeof keys)[number]) => number) =>
    keys.flatMap((key) => [
      markup`<td class="number naive">${of('naive', key)}</td>`,
      markup`<td class="number"><b>${of('ours', key)}</b></td>`,
    ])
  return scrolled(
    'Notifications by incident',
    markup`<table class="plain"><caption>What people were told of each incident, beside what routing without grouping and inhibition would have told them</caption><thead><tr><td rowspan="2"></td><th scope="colgroup" colspan="2" class="number">sent</th><th scope="colgroup" colspan="2" class="number">again</th><th scope="colgroup" colspan="2" class="number">flaps</th></tr><tr>${keys.map(() => markup`<th scope="col" class="number">naive</th><th scope="col" class="number">ours</th>`)}</tr></thead><tbody>${noise.map((incident) => markup`<tr><th scope="row">${incident.incident}</th>${cells((side, key) => incident[side][key])}</tr>`)}<tr class="total"><th scope="row">all</th>${cells((side, key) => noise.reduce((total, incident) => total + incident[side][key], 0))}</tr></tbody></table>`,
  )
}
