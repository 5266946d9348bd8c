import { getAtPath } from '../config/document-path.ts'
import type { LoadedConfig } from '../config/load-config.ts'
import { readLogBackends } from '../config/stack-documents.ts'
import { parseDurationMs } from '../core/prometheus-duration.ts'
import { SignalproofError } from '../core/signalproof-error.ts'

/** How often Loki's ruler evaluates in production: log cases are judged at those moments. */
export function rulerEveryMs(project: LoadedConfig): number {
  const text = getAtPath(readLogBackends(project).loki, 'ruler.evaluation_interval')
  const ms = typeof text === 'string' ? parseDurationMs(text) : null
  if (ms !== null && ms > 0) return ms
  throw new SignalproofError('CONFIG_INVALID', {
    expected: 'a duration at ruler.evaluation_interval',
    seen: String(text),
    where: 'loki/loki.yaml of the manifests',
    remedy: 'set it: alerts are judged at the moments of evaluation',
  })
}
