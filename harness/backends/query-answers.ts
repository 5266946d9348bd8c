import { z } from 'zod'

/** Answers that Prometheus and Loki give alike: instant queries, and the alerts of a ruler. */

export const labels = z.record(z.string(), z.string())

export const vectorAnswer = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: labels, value: z.tuple([z.number(), z.string()]) })),
  }),
})

const rulerAlert = z.object({
  labels,
  annotations: labels,
  state: z.enum(['pending', 'firing', 'inactive']),
  activeAt: z.string(),
})

/** Loki's ruler says null where it has no alert. */
export const alertsAnswer = z.object({ data: z.object({ alerts: z.array(rulerAlert).nullable() }) })

/** An alert as the ruler that evaluates it has it. */
export type RulerAlert = z.output<typeof rulerAlert>
