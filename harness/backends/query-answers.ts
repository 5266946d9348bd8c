import { z } from 'zod'
import { parseSampleValue } from './sample-value.ts'

/** Answers that Prometheus and Loki give alike: instant queries, and the alerts of a ruler. */

export const labels = z.record(z.string(), z.string())

export const vectorAnswer = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: labels, value: z.tuple([z.number(), z.string()]) })),
  }),
})

const point = z.tuple([z.number(), z.string()])

export const matrixData = z.object({
  resultType: z.literal('matrix'),
  result: z.array(z.object({ metric: labels, values: z.array(point) })),
})

const vectorData = z.object({
  resultType: z.literal('vector'),
  result: z.array(z.object({ metric: labels, value: point })),
})

const scalarData = z.object({ resultType: z.literal('scalar'), result: point })
const stringData = z.object({ resultType: z.literal('string'), result: point })

/** What an instant query of any kind is answered with. */
export const instantData = z.discriminatedUnion('resultType', [
  matrixData,
  vectorData,
  scalarData,
  stringData,
])

export const labelValuesAnswer = z.object({
  status: z.literal('success'),
  // Loki says nothing at all where it has none.
  data: z.array(z.string()).optional(),
})

/** Points of one series, oldest first. */
export interface StoredSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly points: readonly (readonly [atMs: number, value: number])[]
}

export const seriesOfMatrix = ({ result }: z.output<typeof matrixData>): StoredSeries[] =>
  result.map(({ metric, values }) => ({ labels: metric, points: values.map(asPoint) }))

/** A vector's samples as series of one point; a string is none. */
export function seriesOfInstant(data: z.output<typeof instantData>): StoredSeries[] {
  if (data.resultType === 'matrix') return seriesOfMatrix(data)
  if (data.resultType === 'string') return []
  if (data.resultType === 'scalar') return [{ labels: {}, points: [asPoint(data.result)] }]
  return data.result.map(({ metric, value }) => ({ labels: metric, points: [asPoint(value)] }))
}

const asPoint = ([atSeconds, value]: [number, string]): readonly [number, number] => [
  atSeconds * 1000,
  parseSampleValue(value),
]

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
