import { z } from 'zod'
import { parseDurationMs } from '../core/prometheus-duration.ts'
import { readCounterSelector } from './counter-selector.ts'

/**
 * What of OpenSLO v1 can be followed here, strictly: a field that would be left out is refused, since whoever wrote it
 * believes that it counts.
 */

const name = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'expected lower case letters, digits and hyphens, at most 63',
  )

const counter = z
  .strictObject({
    metricSource: z.strictObject({
      metricSourceRef: z.string().optional(),
      type: z.literal('Prometheus', { error: 'expected Prometheus: rules are written for it only' }),
      spec: z.strictObject({
        query: z.string().refine((text) => readCounterSelector(text) !== undefined, {
          error:
            'expected a selector of one counter, such as http_requests_total{app="a"}: window and sum are added',
        }),
      }),
    }),
  })
  .transform(({ metricSource }) => metricSource.spec.query)

const ratioMetric = z
  .strictObject({
    counter: z.literal(true, { error: 'expected true: the events have to be counted by counters' }),
    good: counter.optional(),
    bad: counter.optional(),
    total: counter,
  })
  .refine(({ good, bad }) => (good === undefined) !== (bad === undefined), {
    error: 'expected exactly one of `good` and `bad`',
  })

const period = z
  .string()
  .transform(parseDurationMs)
  .pipe(z.number({ error: 'expected a duration such as 30d or 4w' }).positive())

const share = (most: number) =>
  z.number().gt(0, `expected more than 0`).lt(most, `expected less than ${most}: no budget could be spent`)

const target = z
  .strictObject({
    displayName: z.string().optional(),
    target: share(1).optional(),
    targetPercent: share(100).optional(),
  })
  .refine(({ target: ratio, targetPercent }) => (ratio === undefined) !== (targetPercent === undefined), {
    error: 'expected exactly one of `target` and `targetPercent`',
  })
  .transform(({ target: ratio, targetPercent = 0 }) => ratio ?? targetPercent / 100)

const only = <T extends z.ZodType>(what: T, error: string) => z.array(what).length(1, error)

/** OpenSLO has no field for these; other annotations are somebody else's. */
export const annotationNames = {
  minimumFailures: 'signalproof.dev/minimum-failures',
  pages: 'signalproof.dev/pages',
} as const

const annotations = z
  .looseObject({
    [annotationNames.minimumFailures]: z
      .string()
      .regex(/^[1-9]\d*$/, 'expected a whole number above 0, in quotes')
      .transform(Number)
      .optional(),
    [annotationNames.pages]: z
      .enum(['true', 'false'], { error: 'expected "true" or "false", in quotes' })
      .transform((text) => text === 'true')
      .optional(),
  })
  .superRefine((all, context) => {
    const known: readonly string[] = Object.values(annotationNames)
    for (const key of Object.keys(all)) {
      if (!key.startsWith('signalproof.dev/') || known.includes(key)) continue
      const message = `expected one of ${known.join(', ')}`
      context.addIssue({ code: 'custom', message, path: [key] })
    }
  })

export const sloDocument = z.strictObject({
  apiVersion: z.literal('openslo/v1', { error: 'expected openslo/v1' }),
  kind: z.literal('SLO', { error: 'expected SLO: an objective holds its indicator itself' }),
  metadata: z.strictObject({
    name,
    displayName: z.string().optional(),
    labels: z.record(z.string(), z.unknown()).optional(),
    annotations: annotations.default({}),
  }),
  spec: z.strictObject({
    description: z.string({ error: 'expected a sentence: notifications carry it' }).min(1),
    service: name,
    indicator: z.strictObject({
      metadata: z.looseObject({ name }).optional(),
      spec: z.strictObject({ description: z.string().optional(), ratioMetric }),
    }),
    timeWindow: only(
      z.strictObject({
        duration: period,
        isRolling: z.literal(true, { error: 'expected true: the budget is that of a rolling window' }),
      }),
      'expected exactly one time window',
    ),
    budgetingMethod: z.literal('Occurrences', {
      error: 'expected Occurrences: events are counted, not slices',
    }),
    objectives: only(target, 'expected exactly one objective: write another SLO for another target'),
    alertPolicies: z
      .array(z.unknown())
      .length(0, 'expected none: the alerts are those of the burn-rate windows')
      .optional(),
  }),
})
