import type { CountedAnswer } from './account-figures.ts'
import type { AccountSources } from './account-sources.ts'
import { kindOfAnswer, mergeAnswers } from './count-answers.ts'

/** One query counts the lines of so much time, so that a long load does not make a query that is refused or too slow. */
const sliceMs = 60_000

/** The request lines of the apps between two whole milliseconds, the later included; lines of no request are not counted. */
export async function lokiCounts(
  { loki, config }: Pick<AccountSources, 'loki' | 'config'>,
  { sinceMs, nowMs, signal }: { sinceMs: number; nowMs: number; signal?: AbortSignal | undefined },
): Promise<CountedAnswer[]> {
  const { namespace, fields } = config.logs
  const streams = `{namespace="${namespace}", app=~"${config.apps.map(({ name }) => name).join('|')}"}`
  // What is no JSON is no request, such as the first line of a pod that starts meanwhile; Loki would refuse the whole query.
  const parsed = `json method="${fields.method}", route="${fields.route}", status="${fields.status}" | __error__=""`
  const answers: CountedAnswer[] = []
  for (let fromMs = sinceMs; fromMs < nowMs; fromMs += sliceMs) {
    const toMs = Math.min(fromMs + sliceMs, nowMs)
    const query = `sum by (app, method, route, status) (count_over_time(${streams} | ${parsed} [${toMs - fromMs}ms]))`
    const rows = await loki.query(query, { atMs: toMs, ...(signal === undefined ? {} : { signal }) })
    for (const { labels, value } of rows) {
      const { app = '', method, route, status } = labels
      if (method === undefined || route === undefined || status === undefined) continue
      answers.push({ app, method, route, status: Number(status), count: value })
    }
  }
  return mergeAnswers(answers, kindOfAnswer)
}
