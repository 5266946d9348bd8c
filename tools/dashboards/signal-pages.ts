import { type SignalRow, signalTypes } from '../../harness/dashboards/lint/signal-table.ts'

/** Metrics pages as rows of the table of the stack's signals. */

/** A component's own metrics; those of its language's runtime are on no dashboard of ours. */
const ownPrefixes: Readonly<Record<string, RegExp>> = {
  prometheus: /^prometheus_/,
  loki: /^loki_/,
  alertmanager: /^alertmanager_/,
  collector: /^otelcol_/,
  ingress: /^traefik_/,
  tempo: /^tempo(db)?_/,
  'alert-receiver': /^alert_receiver_/,
}

const suffixes: Readonly<Record<string, RegExp>> = {
  histogram: /_(bucket|sum|count)$/,
  summary: /_(sum|count)$/,
}

/** The metrics of a page, each with the labels that any of its samples has. @throws for a page without a metric of the job */
export function signalsOfPage(job: string, page: string): SignalRow[] {
  const types = new Map(
    [...page.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, metric = '', type = '']) => [metric, type]),
  )
  const labels = new Map<string, Set<string>>()
  for (const [, sample = '', inside = ''] of page.matchAll(/^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? /gm)) {
    const metric = familyOf(sample, types)
    const own = labels.get(metric) ?? new Set()
    for (const [, label = ''] of inside.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) own.add(label)
    labels.set(metric, own)
  }
  const rows = [...types].flatMap(([metric, type]): SignalRow[] => {
    const known = signalTypes.find((name) => name === type)
    if (known === undefined || ownPrefixes[job]?.test(metric) !== true) return []
    const implied = type === 'histogram' ? ['le'] : type === 'summary' ? ['quantile'] : []
    const all = new Set([...(labels.get(metric) ?? []), ...implied])
    return [{ job, metric, type: known, labels: [...all].sort(), declared: false }]
  })
  if (rows.length > 0) return rows
  throw new Error(`expected metrics of ${job} on its page, seen none; the jobs: ${Object.keys(ownPrefixes)}`)
}

function familyOf(sample: string, types: ReadonlyMap<string, string>): string {
  if (types.has(sample)) return sample
  const family = Object.values(suffixes)
    .map((suffix) => sample.replace(suffix, ''))
    .find((name) => types.has(name))
  return family ?? sample
}

/** The table with what was seen now: a job that was seen loses what it has no more. */
export function mergeSignals(known: readonly SignalRow[], seen: readonly SignalRow[]): SignalRow[] {
  const jobs = new Set(seen.map(({ job }) => job))
  const kept = known.filter(({ job, declared }) => declared || !jobs.has(job))
  const byName = new Map<string, SignalRow>()
  for (const row of [...kept, ...seen]) {
    const key = `${row.job} ${row.metric}`
    const before = byName.get(key)
    // Seen is more than declared; two pages of one job have all their labels.
    const labels = [...new Set([...(before?.labels ?? []), ...row.labels])].sort()
    byName.set(key, { ...row, labels })
  }
  return [...byName.values()]
}

const heading = `# What the stack's components have on their metrics pages, one metric a line: job, metric, type, labels.
# Made by \`npm run refresh-signals\`; lines that end in \`declared\` are written by hand, from the
# component's source: their series are born when something first happens.
`

export function writeSignalRows(rows: readonly SignalRow[]): string {
  const lines = rows
    .map(({ job, metric, type, labels, declared }) =>
      [job, metric, type, labels.join(',') || '-', ...(declared ? ['declared'] : [])].join(' '),
    )
    .sort()
  return `${heading}${lines.join('\n')}\n`
}
