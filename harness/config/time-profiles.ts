import { SignalproofError } from '../core/signalproof-error.ts'
import type { ProfileName } from './config-schema.ts'
import { type Document, getAtPath, isMap, mapValuesOfKeys } from './document-path.ts'
import { mapWindows, type QueryLanguage } from './range-windows.ts'
import type { DocumentName, StackDocuments } from './stack-documents.ts'

/**
 * What `fast` makes of each duration that git holds for production, by the setting's key. A setting that is not listed
 * stays as it is; a listed setting with another value is refused, so that nobody thinks a duration was shortened that
 * was not.
 */
const fastDurations: Record<string, Record<string, string>> = {
  // Prometheus: the apps at the short interval, the stack itself at the long one.
  scrape_interval: { '10s': '500ms', '30s': '1s' },
  // What Grafana takes for it; `interval` of a panel's query below.
  timeInterval: { '10s': '500ms' },
  scrape_timeout: { '5s': '500ms', '10s': '1s' },
  'scrape.discovery-reload-interval': { '5s': '100ms' },
  'rules.alert.resend-delay': { '1m': '1s' },
  resend_delay: { '1m': '1s' },
  // Prometheus' and Loki's; rule groups may override it.
  evaluation_interval: { '10s': '250ms' },
  interval: { '10s': '250ms', '30s': '1s', '2m': '2s', '5m': '2s' },
  poll_interval: { '10s': '500ms', '200ms': '50ms' },
  for: { '1m': '1s', '2m': '2s', '5m': '5s' },
  keep_firing_for: { '1m': '1s', '6m': '7s' },
  group_wait: { '0s': '0s', '10s': '500ms', '30s': '1200ms' },
  group_interval: { '1m': '1s', '5m': '2s' },
  repeat_interval: { '5m': '5s', '4h': '4h' },
  flush_timeout: { '200ms': '50ms', '1s': '250ms' },
  initial_interval: { '500ms': '100ms' },
  max_interval: { '5s': '400ms' },
  // Tempo's: a block of more files than that takes too much memory, so its time is shortened with that of a file.
  trace_idle_period: { '5s': '250ms' },
  flush_check_period: { '10s': '1s' },
  max_block_duration: { '5m': '30s' },
  // Of the apps, in milliseconds.
  OTEL_BSP_SCHEDULE_DELAY: { '1000': '400' },
}

/** What `fast` makes of a range window in a rule's expression. */
const fastWindows: Record<string, string> = { '65s': '2500ms', '1m': '4s', '2m': '5s', '5m': '6s' }

/**
 * What objectives record is looked at by people and waited for by nobody. At the interval of the alerts, a hundred of their
 * rules a second took a fifth of a core from whoever times a fault.
 */
const recordingInterval = '2s'

const ruleLanguages: Partial<Record<DocumentName, QueryLanguage>> = {
  'log-rules': 'logql',
  'metric-rules': 'promql',
}

/** The documents with a profile's durations, all or some. `production` is what git holds, so it is the identity. */
export function applyProfile<D extends Partial<StackDocuments>>(profile: ProfileName, documents: D): D {
  if (profile === 'production') return documents
  return Object.fromEntries(
    Object.entries(documents).map(([name, document]) => {
      const short = shorten(name as DocumentName, document)
      return [name, name === 'slo-rules' ? withRecordingInterval(short) : short]
    }),
  ) as D
}

/** Groups without an interval of their own would have that of the alerts. */
function withRecordingInterval(document: Document): Document {
  if (!isMap(document) || !Array.isArray(document.groups)) return document
  return {
    ...document,
    groups: document.groups.map((group) =>
      isMap(group) ? { interval: recordingInterval, ...group } : group,
    ),
  }
}

function shorten(name: DocumentName, document: Document): Document {
  const language = ruleLanguages[name]
  return mapValuesOfKeys(document, (key, value, path) => {
    if (language !== undefined && key === 'expr') {
      return mapWindows(language, String(value), (window) =>
        lookUp(fastWindows, window, `${placeIn(name, document, path)}, range window`),
      )
    }
    const durations = fastDurations[key]
    // Keys as common as `interval` or `for` also stand for maps and lists elsewhere; only texts are durations.
    // In a dashboard a duration may be left empty, or be a variable.
    return durations === undefined || typeof value !== 'string' || value === '' || value.startsWith('$')
      ? value
      : lookUp(durations, value, placeIn(name, document, path))
  })
}

/** `metric-rules: TargetDown (groups[0].rules[2].for)`: several files make one document of rules, so an index says little. */
function placeIn(name: DocumentName, document: Document, path: string): string {
  const rule = /^(groups\[\d+\]\.rules\[\d+\])\./.exec(path)?.[1]
  const found = rule === undefined ? undefined : getAtPath(document, rule.replaceAll(/\[(\d+)\]/g, '.$1'))
  const called = isMap(found) ? (found.alert ?? found.record) : undefined
  return called === undefined ? `${name}: ${path}` : `${name}: ${String(called)} (${path})`
}

function lookUp(table: Record<string, string>, duration: string, where: string): string {
  const short = table[duration]
  if (short !== undefined) return short
  throw new SignalproofError('CONFIG_INVALID', {
    expected: `a duration that the fast profile has an entry for (${Object.keys(table).join(', ')})`,
    seen: duration,
    where,
    remedy: 'use one of these: the fast profile shortens no other. `--profile production` shortens nothing',
  })
}
