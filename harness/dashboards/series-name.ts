import { type ChosenValues, interpolate } from './interpolate.ts'

/** The name that a legend gives to a series: `{{app}} {{route}}`, or the series itself where it has none. */
export function seriesName(
  labels: Readonly<Record<string, string>>,
  { legend, query, values }: { legend?: string | undefined; query: string; values: ChosenValues },
): string {
  if (legend === undefined || legend === '__auto') return automatic(labels, query)
  const written = interpolate(legend, values)
  return written.replaceAll(/\{\{\s*(.+?)\s*\}\}/g, (_, label: string) => labels[label] ?? '')
}

/** Grafana's own choice: the only label's value, or all of them. */
function automatic({ __name__ = '', ...labels }: Readonly<Record<string, string>>, query: string): string {
  const entries = Object.entries(labels)
  const [only] = entries
  if (entries.length === 1 && only !== undefined && __name__ === '') return only[1]
  if (entries.length === 0) return __name__ || query
  return `${__name__}{${entries.map(([label, value]) => `${label}="${value}"`).join(', ')}}`
}
