import { constant } from './lib/shape.ts'
import { workload } from './lib/workload.ts'

/** One rate from the first to the last moment: what the other workloads are compared with. */
const { options, send, handleSummary } = workload({ shape: constant, defaultSeconds: 60 })

export { handleSummary, options, send as default }
