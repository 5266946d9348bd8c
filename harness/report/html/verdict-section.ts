import { unprovenSignals } from '../load-text.ts'
import type { ResultClaim, RunResult } from '../run-result.ts'
import { behind } from './chain.ts'
import { type Markup, markup } from './markup.ts'
import { reasonParts } from './reason.ts'
import { anchorOf, counted, foldable, time } from './words.ts'

/** The top of the page: the verdict in one sentence, the broken claim, and what to try; it is seen without scrolling. */

/** The same words stand in the window's title. */
export function verdictSentence(result: RunResult): string {
  const of = (verdict: ResultClaim['verdict']) =>
    result.claims.filter((claim) => claim.verdict === verdict).length
  if (result.verdict === 'invalid') return 'Invalid: nothing is said about the stack.'
  if (result.verdict === 'broken') {
    const others = of('broken') - 1
    const and = others > 0 ? ` and ${others} more` : ''
    const behindThem =
      of('blocked') === 0 ? '' : `, ${of('blocked')} blocked behind ${others > 0 ? 'them' : 'it'}`
    return `Broken at ${result.firstBroken}${and}${behindThem}.`
  }
  const skipped = of('skipped') === 0 ? '' : `, ${of('skipped')} skipped`
  return `Proven: ${counted(of('proven'), 'claim')}${of('proven') === 1 ? ' holds' : ' hold'}${skipped}.`
}

export function verdictSection(result: RunResult): Markup {
  const first = result.claims.find(({ id }) => id === result.firstBroken)
  return markup`<header class="verdict ${result.verdict}">
<p class="run">signalproof · ${result.environment}, ${result.profile} · <time datetime="${result.startedAt}">${result.startedAt.slice(0, 16).replace('T', ' ')} UTC</time></p>
<h1>${foldable(verdictSentence(result))}</h1>
${result.unproven === true && markup`<p class="unproven">${unprovenSignals}</p>`}
${result.verdict === 'invalid' && invalid(result)}
${first !== undefined && broken(first, result)}
${facts(result)}
</header>`
}

function broken(claim: ResultClaim, { claims }: RunResult): Markup {
  const parts = reasonParts(claim.reason ?? '')
  const blocked = behind(claim.id, claims)
  return markup`<p class="sentence">This does not hold: <strong>${claim.title}</strong>.</p>
${parts.remedy !== null && markup`<p class="remedy"><b>Try</b> <span>${foldable(parts.remedy)}</span></p>`}
${reasonList(claim.reason ?? '', { remedy: false })}
${alsoBroken(claim, claims)}
<p class="more"><a href="#${anchorOf(claim.id)}">All about <code>${foldable(claim.id)}</code></a>${(claim.evidence?.length ?? 0) > 0 && markup` · <a href="#evidence">evidence, ${counted(claim.evidence?.length ?? 0, 'file')}</a>`}${blocked.length > 0 && markup` · blocks ${counted(blocked.length, 'claim')}`}</p>`
}

/** Broken beside the first one, and not for its sake: each has a remedy of its own. */
function alsoBroken(first: ResultClaim, claims: readonly ResultClaim[]): Markup | undefined {
  const others = claims.filter(({ id, verdict }) => verdict === 'broken' && id !== first.id)
  if (others.length === 0) return undefined
  return markup`<ul class="also" aria-label="Also broken">${others.map(({ id, reason = '' }) => {
    const { remedy } = reasonParts(reason)
    return markup`<li><b>also broken</b> <a href="#${anchorOf(id)}"><code>${foldable(id)}</code></a>${remedy !== null && markup`: ${foldable(remedy)}`}</li>`
  })}</ul>`
}

function invalid({ invalidBecause = '' }: RunResult): Markup {
  const { remedy } = reasonParts(invalidBecause)
  return markup`<p class="sentence">The run ended without a judgement of the stack, so it is neither proven nor broken.</p>
${remedy !== null && markup`<p class="remedy"><b>Try</b> <span>${foldable(remedy)}</span></p>`}
${reasonList(invalidBecause, { remedy: false })}`
}

/** A reason in rows: what was judged, expected, seen, where, and what to try. */
export function reasonList(reason: string, show: { readonly remedy: boolean }): Markup | undefined {
  if (reason === '') return undefined
  const { code, about, expected, at, seen, remedy } = reasonParts(reason)
  if (code === null && expected.length + seen.length === 0)
    return markup`<p class="reason">${long(about ?? '')}</p>`
  const row = (name: string, values: readonly string[]) =>
    values.length > 0 &&
    markup`<div><dt>${name}</dt><dd>${values.length === 1 ? long(values[0] ?? '') : markup`<ul>${values.map((value) => markup`<li>${long(value)}</li>`)}</ul>`}</dd></div>`
  return markup`<dl class="reason">${row('about', about === null ? [] : [about])}${row('expected', expected)}${row('seen', seen)}${row('at', at === null ? [] : [at])}${show.remedy && row('try', remedy === null ? [] : [remedy])}${code !== null && markup`<div class="code"><dt>code</dt><dd><code>${code}</code></dd></div>`}</dl>`
}

/** Some answers are pages long: the begin is enough to see what it is, the rest unfolds. */
const mostCharacters = 600

function long(text: string): Insertion {
  if (text.length <= mostCharacters) return foldable(text)
  return markup`${foldable(text.slice(0, 240))}… <details><summary>all ${text.length} characters</summary><p>${foldable(text)}</p></details>`
}

type Insertion = Markup | Markup[]

function facts(result: RunResult): Markup {
  const { wallMs, readyMs, criticalPathMs, claims, digest, runId, timelines } = result
  const proven = claims.filter(({ verdict }) => verdict === 'proven').length
  const first = timelines.find(({ kind, totalMs }) => kind === 'request' && totalMs !== null)
  const rows: [string, Insertion | string][] = [
    [
      'claims proven',
      claims.length === 0 ? 'none judged' : markup`${proven} <small>of ${claims.length}</small>`,
    ],
    ['wall', time(wallMs)],
    ['ready after', readyMs === null ? 'never' : time(readyMs)],
    ['critical path', time(criticalPathMs)],
    ...(first?.totalMs == null
      ? []
      : [
          [
            'error to notification',
            markup`${time(first.totalMs)} <small>of ${time(first.worstCaseMs)}</small>`,
          ] as [string, Markup],
        ]),
    ['run', markup`<code>${foldable(runId)}</code>`],
    ['configuration', markup`<code>${digest.slice(0, 12)}</code>`],
  ]
  return markup`<dl class="facts">${rows.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>${result.set.length > 0 && markup`<p class="set">changed for this run: ${result.set.map((set) => markup`<code>--set ${foldable(set)}</code> `)}</p>`}`
}
