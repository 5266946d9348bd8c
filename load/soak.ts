import { constant } from './lib/shape.ts'
import { workload } from './lib/workload.ts'

/** One moderate rate for an hour: what grows slowly, as memory and files do, has the time to. */
const { options, send, handleSummary } = workload({ shape: constant, defaultSeconds: 3600 })

export { handleSummary, options, send as default }
