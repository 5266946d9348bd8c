import { getAtPath } from '../config/document-path.ts'
import { parseDurationMs } from '../core/prometheus-duration.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { parseYamlAnswer } from '../timeline/pipeline-timings.ts'
import type { Run } from './run.ts'

/** Limits in force that no hop of an alert depends on; each component is asked for its own. */

/** How often each ruler sends an alert again that goes on firing. */
export async function resendDelaysMs(
  run: Run,
): Promise<{ readonly prometheus: number; readonly loki: number }> {
  const [flags, loki] = await Promise.all([run.prometheus.flags(), lokiConfiguration(run)])
  return {
    prometheus: duration(flags['rules.alert.resend-delay'], 'prometheus: --rules.alert.resend-delay'),
    loki: duration(getAtPath(loki, 'ruler.resend_delay'), 'loki: ruler.resend_delay'),
  }
}

/** How many series a query may make before Loki refuses it. */
export async function maxQuerySeries(run: Run): Promise<number> {
  const limit = getAtPath(await lokiConfiguration(run), 'limits_config.max_query_series')
  if (typeof limit === 'number' && limit > 0) return limit
  throw wrongLimit('a number of series', limit, 'loki: limits_config.max_query_series')
}

const lokiConfiguration = (run: Run): Promise<unknown> =>
  run.once('loki configuration', async () => parseYamlAnswer(await run.loki.configYaml()))

function duration(value: unknown, where: string): number {
  const ms = typeof value === 'string' ? parseDurationMs(value) : null
  if (ms !== null && ms > 0) return ms
  throw wrongLimit('a duration above 0', value, where)
}

const wrongLimit = (expected: string, seen: unknown, where: string): SignalproofError =>
  new SignalproofError('CONFIG_INVALID', {
    expected,
    seen: JSON.stringify(seen) ?? 'nothing',
    where,
    remedy: 'correct the setting; the component says what it has in force',
  })
