import type { RunResult } from '../run-result.ts'
import { bar, tightnessOf } from './bars.ts'
import { type Markup, markup } from './markup.ts'
import { section, time } from './words.ts'

/** Each fault from its begin to the resolved notification: when each hop came, and when it had to be there at the latest. */

type Timeline = RunResult['timelines'][number]

export function timelinesSection({ timelines }: Pick<RunResult, 'timelines'>): Markup | undefined {
  if (timelines.length === 0) return undefined
  const ofKind = (kind: Timeline['kind']) => timelines.filter((timeline) => timeline.kind === kind)
  const group = (title: string, all: readonly Timeline[]) =>
    all.length > 0 && markup`<h3>${title}</h3><div class="timelines">${all.map(writeTimeline)}</div>`
  return section(
    'timelines',
    'Timelines of faults',
    markup`The solid bar is what was measured, from the moment before it; the pale one behind it is the worst case that the configuration allows. <span class="key late">Amber</span> is beyond it and within the allowance for the work, <span class="key over">red</span> is beyond both.`,
    markup`${group('An error that crossed a threshold', ofKind('request'))}${group('Something of the stack that was broken', ofKind('outage'))}`,
  )
}

function writeTimeline({ id, alert, hops, totalMs, worstCaseMs }: Timeline): Markup {
  const startMs = Math.min(...hops.map(({ at, ms }) => at - ms))
  const scaleMs = Math.max(
    ...hops.map(({ at, ms, worstCaseMs: worst }) => at - ms - startMs + Math.max(ms, worst)),
    1,
  )
  const total =
    totalMs === null
      ? `seen as far as ${hops.at(-1)?.name ?? 'nothing'}`
      : markup`delivered after <b>${time(totalMs)}</b> of ${time(worstCaseMs)}`
  return markup`<figure class="timeline"><figcaption><span class="id">${id}</span> <span class="alert">${alert}</span> <span class="total">${total}</span></figcaption>
<table aria-label="Hops of ${id}"><colgroup><col class="hop"><col><col class="took"><col class="allowed"></colgroup><tbody>
${hops.map((hop) => {
  const fromMs = hop.at - hop.ms - startMs
  const tightness = tightnessOf({ ...hop, scaleMs })
  return markup`<tr class="${tightness}"><th scope="row">${hop.name}</th><td class="bars">${bar({ ...hop, fromMs, scaleMs })}</td><td class="number">${time(hop.ms)}${tightness !== 'within' && markup`<span class="sr"> beyond the worst case</span>`}</td><td class="number of">of ${time(hop.worstCaseMs)}</td></tr>`
})}
</tbody></table>
<details><summary>how the worst cases are computed</summary><dl class="formulas">${hops.map(({ name, formula, deadlineMs }) => markup`<div><dt>${name}</dt><dd>${formula}, at the latest ${time(deadlineMs)}</dd></div>`)}</dl></details>
</figure>`
}
