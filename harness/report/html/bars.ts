import { type Markup, markup } from './markup.ts'

/** A measured time over the worst case that the configuration allows. Its numbers stand beside it, so it is not read out. */

export interface Bar {
  /** Where it begins on the scale. */
  readonly fromMs?: number
  readonly ms: number
  readonly worstCaseMs: number
  /** With the allowance for the work itself. */
  readonly deadlineMs?: number
  readonly scaleMs: number
}

/** Within what the configuration allows, within the allowance for the work on top, or beyond both. */
export type Tightness = 'within' | 'late' | 'over'

export const tightnessOf = ({ ms, worstCaseMs, deadlineMs = worstCaseMs }: Bar): Tightness =>
  ms <= worstCaseMs ? 'within' : ms <= deadlineMs ? 'late' : 'over'

export function bar(all: Bar): Markup {
  const { fromMs = 0, ms, worstCaseMs, scaleMs } = all
  const at = (value: number) => `${Number(((100 * value) / Math.max(scaleMs, 1e-9)).toFixed(2))}%`
  // However short, it is there.
  const least = scaleMs / 160
  const tick =
    worstCaseMs > 0 &&
    worstCaseMs < ms &&
    markup`<line class="limit" x1="${at(fromMs + worstCaseMs)}" x2="${at(fromMs + worstCaseMs)}" y1="0" y2="12"/>`
  return markup`<svg class="bar ${tightnessOf(all)}" aria-hidden="true" width="100%" height="12"><rect class="worst" x="${at(fromMs)}" width="${at(Math.max(worstCaseMs, least))}" height="12" rx="2"/><rect class="measured" x="${at(fromMs)}" y="2.5" width="${at(Math.max(ms, least))}" height="7" rx="1.5"/>${tick}</svg>`
}
