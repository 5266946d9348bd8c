import type { DeclaredCall, DeclaredPath } from '../core/declared-call.ts'
import { send } from '../core/http.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { parseSampleValue } from './sample-value.ts'

/** An app's own /metrics: what it says it counted, before anybody scrapes it. */

export const metricsPageCalls = ['GET /metrics'] as const satisfies readonly DeclaredCall[]

const metricsPath: DeclaredPath<typeof metricsPageCalls> = '/metrics'

export interface PageSample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** All samples of one metric on a page in the Prometheus text format. @throws BACKEND_UNREACHABLE, BACKEND_BAD_ANSWER */
export async function readMetric(app: string, url: string, metric: string): Promise<PageSample[]> {
  const response = await send({
    backend: app,
    url: `${url}${metricsPath}`,
    headers: { accept: 'text/plain' },
  })
  if (response.status !== 200 || typeof response.data !== 'string') {
    throw new SignalproofError('BACKEND_BAD_ANSWER', {
      expected: `a metrics page of ${app} at ${url}/metrics`,
      seen: `status ${response.status}`,
      remedy: `look at the log of ${app}`,
    })
  }
  return parseMetric(response.data, metric)
}

/** The samples of one metric; other lines of the page are passed over. */
export function parseMetric(page: string, metric: string): PageSample[] {
  return page.split('\n').flatMap((line) => {
    const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/.exec(line)
    if (sample?.[1] !== metric) return []
    const labels = [...(sample[2] ?? '').matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)]
    return [
      {
        labels: Object.fromEntries(labels.map(([, name, value]) => [name, unescapeLabel(value ?? '')])),
        value: parseSampleValue(sample[3] ?? ''),
      },
    ]
  })
}

const unescapeLabel = (text: string): string =>
  text.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char))
