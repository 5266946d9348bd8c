import { sender } from '../../../../load/lib/requests.ts'
import { readSettings } from '../../../../load/lib/settings.ts'
import { arrivals, constant, plannedIterations } from '../../../../load/lib/shape.ts'
import { type SummaryData, writeFigures } from '../../../../load/lib/figures.ts'
import { commonOptions } from '../../../../load/lib/workload.ts'

/** Whoever waits for an answer cannot send the next request in time. */
const settings = { ...readSettings(1), maxVirtualUsers: 1 }

export const options = { ...commonOptions(settings), scenarios: { load: arrivals(constant, settings) } }
export default sender(settings)
export const handleSummary = (data: SummaryData) =>
  writeFigures(data, settings, plannedIterations(constant, settings))
