import { styleText } from 'node:util'
import { wrap } from '../../core/wrap.ts'
import type { Attempt, Limit } from './search-limit.ts'

/** What a person reads of a search: every run, and how far the limit is known. */
export function writeLimit(limit: Limit, columns: number): string {
  const width = Math.max(40, Math.min(columns, 120))
  return `${[...limit.attempts.map(writeAttempt), '', writeConclusion(limit)].map((line) => wrap(line, width, 0)).join('\n')}\n`
}

export function writeAttempt({ ratePerSecond, trial }: Attempt): string {
  const rate = `${ratePerSecond}/s`.padStart(9)
  if (trial.kind === 'kept') return `${rate}  ${styleText('green', 'kept')}`
  if (trial.kind === 'missed') return `${rate}  ${styleText('red', 'missed')}: ${trial.objectives}`
  return `${rate}  ${styleText('yellow', 'invalid')}: ${trial.because}`
}

function writeConclusion({ kind, kept, above, gap, why, attempts }: Limit): string {
  const runs = `${attempts.length} ${attempts.length === 1 ? 'run' : 'runs'}`
  const resolution = gap === null ? '' : `, ${(gap * 100).toFixed(0)} % apart`
  const ends = `kept at ${kept}/s${above === null ? '' : `, not at ${above}/s${resolution}`}`
  switch (kind) {
    case 'found':
      return `LIMIT: the objectives are ${ends}; it lies between, and these ${runs} do not say where. ${sentence(why)}`
    case 'above':
      return `LIMIT ABOVE ${kept}/s: the objectives are kept there, and no valid run missed them. ${sentence(why)}`
    case 'below':
      return `LIMIT BELOW ${above}/s: the objectives are kept at no rate. ${sentence(why)}`
    case 'unsure':
      return kept === null
        ? `LIMIT NOT FOUND after ${runs}: no rate is known to be kept. ${sentence(why)}`
        : `LIMIT NOT FOUND: the objectives are ${ends}, after ${runs}. ${sentence(why)}`
  }
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`
