import type { Comparison } from '../../../load/compare/compare-runs.ts'
import { bar } from '../bars.ts'
import { type Markup, markup } from '../markup.ts'
import { type PageSection, writePage } from '../page.ts'
import { reasonList } from '../verdict-section.ts'
import { badge, counted, foldable, percent, scrolled, section, time } from '../words.ts'
import { loadChangesSection } from './load-changes-section.ts'
import type { ClaimChange, ComparedRun, HopChange, Pair, RunChanges } from './run-changes.ts'

/** Two runs side by side: claims whose verdict changed first, then times, panels and objectives. */

export interface ComparedPage {
  readonly before: ComparedRun
  readonly after: ComparedRun
  readonly changes: RunChanges
  /** Of the loads; or why they cannot be compared, undefined where there were none. */
  readonly load: Comparison | string | undefined
}

const named = (id: string, name: string, body: Markup | undefined): PageSection | undefined =>
  body === undefined ? undefined : { id, name, body }

export function writeComparisonPage({ before, after, changes, load }: ComparedPage): string {
  const sentence = comparisonSentence(changes)
  const [was, is] = [before.result, after.result]
  return writePage({
    title: `${sentence} ${was.runId} → ${is.runId} · signalproof`,
    head: markup`<header class="verdict ${tone(changes)}">
<p class="run">signalproof · two runs side by side</p>
<h1>${sentence}</h1>
<dl class="facts">${[was, is].map((run, index) => markup`<div><dt>${index === 0 ? 'before' : 'after'}</dt><dd><code>${foldable(run.runId)}</code> ${badge(run.verdict === 'invalid' ? 'blocked' : run.verdict, run.verdict)}<br><small>${run.environment}, ${run.profile}, ${run.startedAt.slice(0, 16).replace('T', ' ')} UTC</small></dd></div>`)}</dl>
${changes.settings.length === 0 && markup`<p class="hint">Nothing was set otherwise: both are of the same configuration and components.</p>`}
</header>`,
    sections: [
      named('claims', 'Claims', claimsSection(changes)),
      named('settings', 'Settings', settingsSection(changes)),
      named('times', 'Times', timesSection(changes)),
      named('hops', 'Hops', hopsSection(changes)),
      named('panels', 'Panels', panelsSection(changes)),
      named('objectives', 'Objectives', objectivesSection(changes)),
      named('load', 'Load', load === undefined ? undefined : loadChangesSection(load)),
    ],
  })
}

export function comparisonSentence({ claims, sameClaims }: RunChanges): string {
  if (claims.length === 0) return `No claim changed its verdict: all ${sameClaims} are as they were.`
  const broke = claims.filter(({ after }) => after === 'broken').length
  const mended = claims.filter(({ before, after }) => before === 'broken' && after === 'proven').length
  const words = [
    ...(broke > 0 ? [`${broke} broke`] : []),
    ...(mended > 0 ? [`${mended} ${mended === 1 ? 'was' : 'were'} mended`] : []),
  ]
  const detail = words.length === 0 ? '' : `: ${words.join(', ')}`
  return `${counted(claims.length, 'claim')} changed ${claims.length === 1 ? 'its verdict' : 'their verdicts'}${detail}.`
}

const tone = ({ claims }: RunChanges): string =>
  claims.some(({ after }) => after === 'broken' || after === 'blocked')
    ? 'broken'
    : claims.length > 0
      ? 'proven'
      : 'same'

const verdictBadge = (verdict: string | null): Markup =>
  verdict === null ? badge('skipped', 'not there') : badge(classOf[verdict] ?? 'skipped', verdict)

const classOf: Readonly<Record<string, string>> = {
  proven: 'proven',
  data: 'proven',
  broken: 'broken',
  'convincing zero': 'broken',
  blocked: 'blocked',
}

function claimsSection({ claims, sameClaims }: RunChanges): Markup {
  const [blocked, told] = [true, false].map((isBlocked) =>
    claims.filter(({ after }) => (after === 'blocked') === isBlocked),
  ) as [ClaimChange[], ClaimChange[]]
  return section(
    'claims',
    'Claims whose verdict changed',
    `${counted(sameClaims, 'claim')} ${sameClaims === 1 ? 'is as it was' : 'are as they were'}.`,
    claims.length === 0
      ? markup`<p>None.</p>`
      : markup`<ul class="claims">${told.map(claimChange)}</ul>${
          blocked.length > 0 &&
          markup`<details class="layer"${told.length === 0 && markup` open`}><summary><h3>blocked now</h3> <span class="count">${counted(blocked.length, 'claim')} behind what is broken</span></summary><ul class="claims">${blocked.map(claimChange)}</ul></details>`
        }`,
  )
}

function claimChange({ id, title, before, after, reason }: ClaimChange): Markup {
  const why =
    after === 'broken'
      ? reasonList(reason ?? '', { remedy: true })
      : reason !== undefined && markup`<p class="why">${reason}</p>`
  return markup`<li class="${after ?? 'skipped'}"><p class="change">${verdictBadge(before)} → ${verdictBadge(after)} <code>${foldable(id)}</code></p><p class="title">${title}</p>${why}</li>`
}

function settingsSection({ settings }: RunChanges): Markup | undefined {
  if (settings.length === 0) return undefined
  return section(
    'settings',
    'Set or installed otherwise',
    'What differs before anything is measured.',
    scrolled(
      'Settings that differ',
      markup`<table class="plain"><thead><tr><th scope="col">what</th><th scope="col">before</th><th scope="col">after</th></tr></thead><tbody>${settings.map(({ name, before, after }) => markup`<tr><th scope="row">${foldable(name)}</th><td class="place"><code>${foldable(before ?? 'not there')}</code></td><td class="place"><code>${foldable(after ?? 'not there')}</code></td></tr>`)}</tbody></table>`,
    ),
  )
}

/** One run each says nothing of the noise, so a difference is written down and not judged. */
const single = 'These are of one run each: a difference may be noise, and is not judged.'

function timesSection({ figures }: RunChanges): Markup {
  const scaleMs = Math.max(1, ...figures.flatMap(({ before, after }) => [before ?? 0, after ?? 0]))
  return section('times', 'Times of the run', single, pairTable('Times of the run', 'what', figures, scaleMs))
}

function pairTable(
  label: string,
  what: string,
  rows: readonly (Pair<number> & {
    readonly name: string
    readonly worstCaseMs?: number
    readonly deadlineMs?: number
  })[],
  scaleMs: number,
): Markup {
  const drawn = (ms: number | null, limits: Partial<HopChange>) =>
    ms !== null &&
    bar({ ms, worstCaseMs: limits.worstCaseMs ?? ms, deadlineMs: limits.deadlineMs ?? ms, scaleMs })
  return scrolled(
    label,
    markup`<table class="plain"><thead><tr><th scope="col">${what}</th><th scope="col" class="number">before</th><th scope="col" class="number">after</th><th scope="col" class="number">change</th><th scope="col">before, and after below it</th></tr></thead><tbody>${rows.map(
      ({ name, before, after, ...limits }) =>
        markup`<tr><th scope="row">${name}</th><td class="number">${before === null ? '–' : time(before)}</td><td class="number">${after === null ? '–' : time(after)}</td><td class="number">${changeOf({ before, after })}</td><td class="bars">${drawn(before, limits)}${drawn(after, limits)}</td></tr>`,
    )}</tbody></table>`,
  )
}

function changeOf({ before, after }: Pair<number>): string {
  if (before === null || after === null) return '–'
  const by = after - before
  if (Math.abs(by) < 1) return '0'
  return `${by > 0 ? '+' : '−'}${time(Math.abs(by))}`
}

function hopsSection({ timelines }: RunChanges): Markup | undefined {
  if (timelines.length === 0) return undefined
  return section(
    'hops',
    'Hops of the faults that both made',
    `The pale bar is the worst case that the configuration allows. ${single}`,
    markup`<div class="timelines">${timelines.map(({ id, hops }) => {
      const scaleMs = Math.max(
        1,
        ...hops.flatMap(({ before, after, worstCaseMs }) => [before ?? 0, after ?? 0, worstCaseMs]),
      )
      return markup`<figure class="timeline"><figcaption><span class="id">${id}</span></figcaption>${pairTable(`Hops of ${id}`, 'hop', hops, scaleMs)}</figure>`
    })}</div>`,
  )
}

function panelsSection({ panels }: RunChanges): Markup | undefined {
  if (panels.length === 0) return undefined
  const both = panels.filter(({ before, after }) => before !== null && after !== null)
  const others = panels.length - both.length
  return section(
    'panels',
    'Panels whose verdict changed',
    others === 0 ? '' : `${counted(others, 'panel')} ${others === 1 ? 'is' : 'are'} in one of the runs only.`,
    markup`<ul class="claims">${both.map(({ dashboard, title, before, after, reason }) => markup`<li><p class="change">${verdictBadge(before)} → ${verdictBadge(after)} ${dashboard}: <b>${title}</b></p>${reason !== undefined && markup`<p class="why">${reason}</p>`}</li>`)}</ul>`,
  )
}

function objectivesSection({ objectives }: RunChanges): Markup | undefined {
  if (objectives.length === 0) return undefined
  const held = (isHeld: boolean | null) =>
    isHeld === null
      ? badge('skipped', 'not there')
      : badge(isHeld ? 'proven' : 'broken', isHeld ? 'held' : 'missed')
  const spent = (share: number | null) => (share === null ? '' : percent(share))
  return section(
    'objectives',
    'Objectives',
    'The part of the budget that the load spent.',
    scrolled(
      'Objectives of both runs',
      markup`<table class="plain"><thead><tr><th scope="col">objective</th><th scope="col">before</th><th scope="col" class="number">spent</th><th scope="col">after</th><th scope="col" class="number">spent</th></tr></thead><tbody>${objectives.map((one) => markup`<tr><th scope="row">${one.name}</th><td>${held(one.held.before)}</td><td class="number">${spent(one.spent.before)}</td><td>${held(one.held.after)}</td><td class="number">${spent(one.spent.after)}</td></tr>`)}</tbody></table>`,
    ),
  )
}
