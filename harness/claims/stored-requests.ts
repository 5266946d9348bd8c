import type { Run } from './run.ts'

/** So long a piece of time has far fewer lines than one answer of Loki may have. */
const sliceMs = 10_000

/** So many answers of Loki are needed for a piece of time, one after another. */
export const answersFor = (fromMs: number, toMs: number): number => Math.ceil((toMs - fromMs) / sliceMs)

/** The request ids of all lines that Loki has of the apps between two moments, one a line, in slices of time. */
export async function storedRequestIds(
  run: Run,
  { fromMs, toMs, signal }: { fromMs: number; toMs: number; signal: AbortSignal },
): Promise<string[]> {
  const { namespace, fields } = run.config.logs
  const query = `{namespace="${namespace}"} |= \`"${fields.requestId}"\` | json id="${fields.requestId}"`
  const ids: string[] = []
  for (let startMs = fromMs; startMs < toMs; startMs += sliceMs) {
    const lines = await run.loki.lines(query, {
      fromMs: startMs,
      toMs: Math.min(startMs + sliceMs, toMs),
      signal,
    })
    ids.push(...lines.flatMap(({ labels }) => labels.id ?? []))
  }
  return ids
}
