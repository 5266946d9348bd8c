/** What the query of a variable asks its datasource for, read from the text that Grafana keeps. */

export type PrometheusVariableQuery =
  | { readonly asks: 'label names'; readonly selector?: string }
  | { readonly asks: 'label values'; readonly label: string; readonly selector?: string }
  | { readonly asks: 'metric names'; readonly pattern: string }
  | { readonly asks: 'query result'; readonly expr: string }
  | { readonly asks: 'series'; readonly selector: string }

const call = (name: string): RegExp => new RegExp(`^\\s*${name}\\((?<inside>.*)\\)\\s*$`, 's')

/** As Grafana reads them: what is none of its functions is a selector, the series of which are listed. */
export function readPrometheusQuery(text: string): PrometheusVariableQuery {
  const names = call('label_names').exec(text)?.groups?.inside?.trim()
  if (names !== undefined) {
    return names === ''
      ? { asks: 'label names' }
      : { asks: 'label names', selector: `{__name__=~".*${names}.*"}` }
  }
  const values = /^\s*label_values\((?:(?<selector>.+),\s*)?(?<label>[a-zA-Z_][\w]*)\s*\)\s*$/s.exec(
    text,
  )?.groups
  if (values?.label !== undefined) {
    const selector = values.selector?.trim() ?? ''
    const isAny = selector === '' || selector.replaceAll(/\s/g, '') === '{}'
    return { asks: 'label values', label: values.label, ...(isAny ? {} : { selector }) }
  }
  const pattern = call('metrics').exec(text)?.groups?.inside
  if (pattern !== undefined) return { asks: 'metric names', pattern: pattern.trim() }
  const expr = call('query_result').exec(text)?.groups?.inside
  if (expr !== undefined) return { asks: 'query result', expr: expr.trim() }
  return { asks: 'series', selector: text.trim() }
}

export type LokiVariableQuery =
  | { readonly asks: 'label names' }
  | { readonly asks: 'label values'; readonly label: string; readonly stream?: string }

/** Loki's older variables were texts, too. Undefined for a text that asks for nothing Loki has. */
export function readLokiQuery(text: string): LokiVariableQuery | undefined {
  if (/^\s*label_names\(\)\s*$/.test(text)) return { asks: 'label names' }
  const values = /^\s*label_values\((?:(?<stream>\{.*\})\s*,\s*)?(?<label>[a-zA-Z_]\w*)\s*\)\s*$/s.exec(
    text,
  )?.groups
  if (values?.label === undefined) return undefined
  return {
    asks: 'label values',
    label: values.label,
    ...(values.stream === undefined ? {} : { stream: values.stream }),
  }
}

/** Loki's own form has a number for what it asks: 0 for names, 1 for the values of a label. */
export const lokiQueryOf = ({
  label,
  stream,
  type,
}: {
  label: string
  stream: string
  type: number
}): LokiVariableQuery =>
  type === 0 ? { asks: 'label names' } : { asks: 'label values', label, ...(stream === '' ? {} : { stream }) }
