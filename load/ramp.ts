import { workload } from './lib/workload.ts'

/** From a tenth of the rate to all of it, and then held: what an autoscaler has to follow. */
const { options, send, handleSummary } = workload({
  shape: {
    begin: 0.1,
    stages: [
      { share: 1, part: 0.5 },
      { share: 1, part: 0.5 },
    ],
  },
  defaultSeconds: 120,
})

export { handleSummary, options, send as default }
