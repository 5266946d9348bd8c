import { formatMs } from '../../core/eventually.ts'
import type { ResultClaim } from '../run-result.ts'
import { type Markup, markup } from './markup.ts'

/** Small texts that several sections of the report write alike. */

type Verdict = ResultClaim['verdict']

/** A verdict is told by a sign as well: not everybody sees its colour. */
export const signs: Readonly<Record<Verdict, string>> = {
  proven: '✓',
  broken: '✗',
  blocked: '◌',
  skipped: '–',
}

export const badge = (kind: string, words: string): Markup =>
  markup`<span class="badge ${kind}">${words}</span>`

/** `1 claim`, `2 claims`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`

/** A duration, with a space that does not break. */
export const time = (ms: number): string => formatMs(ms).replaceAll(' ', '\u00a0')

/** A moment of a run, counted from its start. */
export const moment = (atMs: number | null, startedAtMs: number): string =>
  atMs === null ? 'never' : atMs < startedAtMs ? 'before it' : time(atMs - startedAtMs)

/** The place of a claim in the page. */
export const anchorOf = (id: string): string => `claim-${id.replaceAll(/[^\w.-]/g, '-')}`

/** An id with places at which it may be folded. */
export const foldable = (id: string): Markup[] =>
  id.split(/(?<=[./_-])/).map((part, index) => (index === 0 ? markup`${part}` : markup`<wbr>${part}`))

export const percent = (share: number): string => `${Number((share * 100).toPrecision(3))}\u00a0%`

/** A section of the page with its heading; `hint` says in one line how it is read. */
export const section = (id: string, title: string, hint: Markup | string, body: Markup): Markup =>
  markup`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${hint === '' ? '' : markup`<p class="hint">${hint}</p>`}
${body}
</section>`

/** A table that may be wider than the page: it scrolls by itself, by keyboard too. */
export const scrolled = (label: string, table: Markup): Markup =>
  markup`<div class="scroll" role="region" aria-label="${label}, a table" tabindex="0">${table}</div>`
