import { workload } from './lib/workload.ts'

/** From nearly nothing to the rate in one straight line; it ends where a threshold breaks, and that rate is the answer. */
const { options, send, handleSummary } = workload({
  shape: { begin: 0.05, stages: [{ share: 1, part: 1 }] },
  defaultSeconds: 300,
  endsWhenBroken: true,
})

export { handleSummary, options, send as default }
