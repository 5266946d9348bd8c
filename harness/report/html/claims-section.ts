import type { ResultClaim, RunResult } from '../run-result.ts'
import { bar } from './bars.ts'
import { layersOf } from './chain.ts'
import { type Markup, markup } from './markup.ts'
import { reasonList } from './verdict-section.ts'
import { anchorOf, counted, foldable, section, signs, time } from './words.ts'

/** Every claim with its sentence, what it used of its worst case, why it is not proven, and what it needs. */

export function claimsSection(result: RunResult): Markup | undefined {
  if (result.claims.length === 0) return undefined
  const notes = Map.groupBy(result.notes, ({ id }) => id)
  const ids = new Set(result.claims.map(({ id }) => id))
  return section(
    'claims',
    'Claims',
    'A bar is the time that was waited, of what the configuration allows at worst.',
    markup`${layersOf(result.claims).map(({ layer, claims }) => {
      const proven = claims.filter(({ verdict }) => verdict === 'proven').length
      const isOpen = claims.some(({ verdict }) => verdict === 'broken')
      return markup`<details class="layer"${isOpen && markup` open`}>
<summary><h3>${layer}</h3> <span class="count">${proven} of ${claims.length} proven</span> <span class="strip" aria-hidden="true">${claims.map(({ verdict }) => markup`<i class="${verdict}"></i>`)}</span></summary>
<ul class="claims">${claims.map((claim) => writeClaim(claim, { notes: (notes.get(claim.id) ?? []).map(({ text }) => text), ids, critical: result.criticalPath.includes(claim.id) }))}</ul>
</details>`
    })}`,
  )
}

interface About {
  readonly notes: readonly string[]
  readonly ids: ReadonlySet<string>
  /** It is on the longest chain of claims that waited for one another. */
  readonly critical: boolean
}

function writeClaim(claim: ResultClaim, { notes, ids, critical }: About): Markup {
  const { id, title, verdict, usedMs, worstCaseMs, ms, reason = '', needs, evidence = [] } = claim
  const used =
    usedMs !== undefined &&
    worstCaseMs !== undefined &&
    worstCaseMs > 0 &&
    markup`<span class="used">${bar({ ms: usedMs, worstCaseMs, scaleMs: Math.max(usedMs, worstCaseMs) })} ${time(usedMs)} of ${time(worstCaseMs)}</span>`
  const words = [
    verdict === 'proven' || verdict === 'broken' ? `judged in ${time(ms)}` : verdict,
    ...(critical ? ['on the critical path'] : []),
    ...(evidence.length > 0 ? [counted(evidence.length, 'evidence file')] : []),
  ]
  return markup`<li id="${anchorOf(id)}" class="${verdict}">
<p class="head"><b class="sign" aria-hidden="true">${signs[verdict]}</b> <code>${foldable(id)}</code> <span class="sr">${verdict}</span>${used}</p>
<p class="title">${title}</p>
${verdict === 'broken' ? reasonList(reason, { remedy: true }) : reason !== '' && markup`<p class="why">${foldable(reason)}</p>`}
${notes.map((note) => markup`<p class="note">${note}</p>`)}
<p class="small">${words.join(' · ')}${needs.length > 0 && markup` · needs ${needs.map((need, index) => [index > 0 && ', ', ids.has(need) ? markup`<code>${foldable(need)}</code>` : need])}`}</p>
</li>`
}
