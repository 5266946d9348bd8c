import type { Comparison, FigureChange } from '../../../load/compare/compare-runs.ts'
import { type Markup, markup } from '../markup.ts'
import { badge, scrolled, section } from '../words.ts'

/** Figures of two loads with the judgement that `signalproof compare` has of them. */
export function loadChangesSection(comparison: Comparison | string): Markup {
  if (typeof comparison === 'string')
    return section('load', 'Load', '', markup`<p>The loads were not compared: ${comparison}.</p>`)
  const { figures, enoughRepeats, before, after, repeatsNeeded } = comparison
  const hint = enoughRepeats
    ? `Intervals are of the difference between the means of ${before.repeats} and ${after.repeats} repeats.`
    : `Noise unknown: ${before.repeats} and ${after.repeats} of at least ${repeatsNeeded} repeats each. The differences are of these runs, and nothing is said of others.`
  return section(
    'load',
    'Load',
    hint,
    scrolled(
      'Figures of both loads',
      markup`<table class="plain"><thead><tr><th scope="col">figure</th><th scope="col" class="number">before</th><th scope="col" class="number">after</th><th scope="col" class="number">change</th><th scope="col">judgement</th></tr></thead><tbody>${figures.map(row)}</tbody></table>`,
    ),
  )
}

function row({ route, name, unit, before, after, verdict }: FigureChange): Markup {
  const write = (value: number | null) =>
    value === null
      ? '–'
      : `${Number(value.toPrecision(3))}${unit === '' || unit === '/s' ? unit : `\u00a0${unit}`}`
  const by =
    before === null || after === null || before === 0
      ? '–'
      : `${after >= before ? '+' : '−'}${Math.abs(((after - before) / before) * 100).toFixed(0)}\u00a0%`
  return markup`<tr><th scope="row">${name}${route !== null && markup` <small>${route}</small>`}</th><td class="number">${write(before)}</td><td class="number">${write(after)}</td><td class="number">${by}</td><td>${badge(verdict === 'beyond noise' ? 'blocked' : 'skipped', verdict)}</td></tr>`
}
