import { workload } from './lib/workload.ts'

/** A fifth of the rate, all of it at once, and back: what queues do, and how long they take to be empty again. */
const { options, send, handleSummary } = workload({
  shape: {
    begin: 0.2,
    stages: [
      { share: 0.2, part: 0.4 },
      { share: 1, part: 0 },
      { share: 1, part: 0.2 },
      { share: 0.2, part: 0 },
      { share: 0.2, part: 0.4 },
    ],
  },
  defaultSeconds: 60,
})

export { handleSummary, options, send as default }
