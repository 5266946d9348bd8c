import { SignalproofError } from '../core/signalproof-error.ts'
import type { LoadSeed } from '../load/load-report.ts'
import type { LoadRequest } from '../load/load-request.ts'
import type { Run } from './run.ts'

/** What this run's load is made from. @throws SignalproofError INTERNAL in a run without a load, where no claim asks */
export function loadOf({ seed }: Pick<Run, 'seed'>): LoadSeed {
  if (seed.load !== undefined) return seed.load
  throw new SignalproofError('INTERNAL', {
    expected: 'a run that a load was asked for',
    seen: 'one without',
    remedy: "put the claim into a file called *.load.test.ts, and `only: 'load'` into its row",
  })
}

export const loadRequestOf = (run: Pick<Run, 'seed'>): LoadRequest => loadOf(run).request
