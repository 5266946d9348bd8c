import { Loki } from '../backends/loki.ts'
import { send } from '../core/http.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import type { Labels } from './alert-model.ts'
import type { TestLine } from './log-lines.ts'

/** Sends lines to one tenant, in the order given, with the nanoseconds given. @throws BACKEND_UNREACHABLE, BACKEND_BAD_ANSWER */
export async function pushLines(
  { url, tenant }: { url: string; tenant: string },
  lines: readonly TestLine[],
  baseNs: bigint,
  signal: AbortSignal,
): Promise<void> {
  if (lines.length === 0) return
  const streams = Map.groupBy(lines, ({ stream }) => JSON.stringify(stream))
  const response = await send({
    backend: 'loki',
    url: `${url}/loki/api/v1/push`,
    method: 'POST',
    headers: { 'X-Scope-OrgID': tenant },
    data: {
      streams: [...streams.values()].map((own) => ({
        stream: own[0]?.stream,
        values: own.map(({ atNs, text }) => [String(baseNs + atNs), text]),
      })),
    },
    signal,
  })
  if (response.status === 204) return
  throw new SignalproofError('BACKEND_BAD_ANSWER', {
    expected: 'Loki to take every line of the case',
    seen: `${response.status} ${String(response.data).trim()}`,
    remedy: 'keep the lines of a stream within an hour of each other, and labels within what Loki allows',
  })
}

/** The answer of an expression at one moment, as the ruler would get it. @throws BACKEND_UNREACHABLE, BACKEND_BAD_ANSWER */
export async function answerAt(
  { url, tenant }: { url: string; tenant: string },
  expr: string,
  atMs: number,
  signal: AbortSignal,
): Promise<{ labels: Labels; value: number }[]> {
  return await new Loki(url, { tenant }).query(expr, { atMs, signal })
}
