import type { Options } from 'k6/options'
import { type SummaryData, writeFigures } from '../lib/figures.ts'
import { sender } from '../lib/requests.ts'
import { readSettings } from '../lib/settings.ts'
import { commonOptions } from '../lib/workload.ts'

/**
 * The closed model, as fast as it is answered: each virtual user asks again as soon as it has its answer. It says what
 * counting costs the generator, beside load/bench/plain.ts, and nothing about the system: who waits for answers asks
 * less while they are slow.
 */
const settings = readSettings(15)

export const options: Options = {
  ...commonOptions(settings),
  scenarios: {
    load: {
      executor: 'constant-vus',
      vus: settings.maxVirtualUsers ?? 20,
      duration: `${settings.durationSeconds}s`,
    },
  },
}

export const handleSummary = (data: SummaryData) => writeFigures(data, settings, null)

export default sender(settings)
