import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { AnswerCount, LatencyFigures } from '../load-figures.ts'

/** The file that load/lib/figures.ts writes when a run ends. */
const count = z.number().int().nonnegative()
const latency = z.object({
  p50: z.number(),
  p95: z.number(),
  p99: z.number(),
  max: z.number(),
  mean: z.number(),
})
const figuresFile = z.object({
  plannedIterations: z.number().nonnegative().nullable(),
  iterations: count,
  dropped: count,
  virtualUsersMax: count,
  requests: count,
  durationMs: z.number().nonnegative(),
  routes: z.array(
    z.object({
      name: z.string(),
      requests: count,
      answers: z.array(z.object({ status: count, count })),
      /** Without its numbers where the route was never asked. */
      latencyMs: latency.or(z.object({}).transform(() => undefined)),
    }),
  ),
  thresholds: z.array(z.object({ metric: z.string(), threshold: z.string(), held: z.boolean() })),
})

export type FiguresFile = z.output<typeof figuresFile>

/** @returns what is wrong with it, where it is not there or not whole */
export async function readFiguresFile(file: string): Promise<FiguresFile | { readonly wrong: string }> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch {
    return { wrong: 'the script left no figures; it has to export handleSummary of load/lib/figures.ts' }
  }
  return parseFigures(text)
}

/** @returns what is wrong with the text, where it is not what load/lib/figures.ts writes */
export function parseFigures(text: string): FiguresFile | { readonly wrong: string } {
  try {
    return figuresFile.parse(JSON.parse(text))
  } catch (thrown) {
    const why = thrown instanceof z.ZodError ? z.prettifyError(thrown) : String(thrown)
    return { wrong: `the figures of the script are not what load/lib/figures.ts writes: ${why}` }
  }
}

/** A request is named by its method and its route; routes may have blanks, methods have none. */
export const answersOf = ({ routes }: FiguresFile): AnswerCount[] =>
  routes.flatMap(({ name, answers }) => {
    const { method, route } = splitName(name)
    return answers.map(({ status, count }) => ({ method, route, status, count }))
  })

/** By the route alone where one method asks it, which is what an app's histogram knows. */
export const latencyByRoute = ({ routes }: FiguresFile): Record<string, LatencyFigures> =>
  Object.fromEntries(
    routes.flatMap(({ name, latencyMs }) =>
      latencyMs === undefined ? [] : [[splitName(name).route, latencyMs] as const],
    ),
  )

function splitName(name: string): { method: string; route: string } {
  const blank = name.indexOf(' ')
  return { method: name.slice(0, blank), route: name.slice(blank + 1) }
}
