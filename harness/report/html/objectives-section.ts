import { formatDuration } from '../../core/prometheus-duration.ts'
import type { RunResult } from '../run-result.ts'
import { type Markup, markup } from './markup.ts'
import { badge, percent, scrolled, section } from './words.ts'

/** What the load spent of each objective, and which alert of its burn would come when. */

type Objective = NonNullable<RunResult['slo']>[number]

export function objectivesSection({ slo = [] }: Pick<RunResult, 'slo'>): Markup | undefined {
  if (slo.length === 0) return undefined
  return section(
    'objectives',
    'Objectives: budget and burn',
    'Over exactly the requests of the load. The bar is the part of the error budget for as many requests that was spent.',
    markup`<div class="objectives">${slo.map(writeObjective)}</div>`,
  )
}

function writeObjective({
  name,
  service,
  target,
  held,
  total,
  bad,
  kind,
  budgetSpent,
  burnByWindow,
  timeToExhaustionMs,
}: Objective): Markup {
  return markup`<figure class="objective ${held ? 'proven' : 'broken'}">
<figcaption><h3>${name}</h3>${badge(held ? 'proven' : 'broken', held ? 'held' : 'missed')}</figcaption>
<p class="small">${service} · target ${percent(target)} · ${bad} of ${total} requests ${kind === 'latency' ? 'slow' : 'failed'}</p>
${budget(budgetSpent)}
<p class="small"><b>${percent(budgetSpent)}</b> of the budget spent${timeToExhaustionMs !== null && `; at this rate a period's budget lasts ${formatDuration(coarse(timeToExhaustionMs))}`}</p>
${scrolled(
  `Burn of ${name} by window`,
  markup`<table class="plain"><thead><tr><th scope="col">alert</th><th scope="col">windows</th><th scope="col" class="number">burn</th><th scope="col" class="number">alerts above</th><th scope="col" class="number">comes after</th></tr></thead><tbody>${burnByWindow.map(
    ({ severity, long, short, factor, burn, alertsAfterMs }) =>
      markup`<tr><th scope="row">${severity}</th><td>${long} / ${short}</td><td class="number">${Number(burn.toPrecision(3))}</td><td class="number">${factor}</td><td class="number">${alertsAfterMs === null ? 'never' : formatDuration(coarse(alertsAfterMs))}</td></tr>`,
  )}</tbody></table>`,
)}
</figure>`
}

/** Nobody plans by the minutes of a budget that lasts for days. */
const coarse = (ms: number): number => {
  const unit = ms > 172_800_000 ? 3_600_000 : ms > 7_200_000 ? 60_000 : 1_000
  return Math.max(unit, Math.round(ms / unit) * unit)
}

/** Up to twice the budget: beyond that it does not matter how much. */
function budget(spent: number): Markup {
  const at = (share: number) => `${Number((Math.min(2, share) * 50).toFixed(2))}%`
  return markup`<svg class="budget ${spent <= 1 ? 'within' : 'over'}" aria-hidden="true" width="100%" height="16"><rect class="all" width="50%" height="16" rx="3"/><rect class="spent" y="4" width="${at(Math.max(spent, 0.004))}" height="8" rx="2"/><line class="limit" x1="50%" x2="50%" y1="0" y2="16"/></svg>`
}
