import { z } from 'zod'
import type { DashboardVariable, VariableKind } from './dashboard-model.ts'
import type { RawDashboard, RawVariable } from './dashboard-schema.ts'
import { readDatasource } from './read-target.ts'
import type { UnsupportedConstructs } from './unsupported-constructs.ts'

const kinds: readonly string[] = [
  'query',
  'custom',
  'interval',
  'textbox',
  'constant',
  'datasource',
  'adhoc',
] satisfies VariableKind[]

/** The two forms a query of a variable has that is more than a text: Prometheus' and Loki's. */
const queryObject = z.looseObject({
  query: z.string().optional().catch(undefined),
  label: z.string().optional().catch(undefined),
  stream: z.string().optional().catch(undefined),
  type: z.number().optional().catch(undefined),
})

export function readVariable(
  raw: RawVariable,
  path: string,
  unsupported: UnsupportedConstructs,
): DashboardVariable {
  const type = raw.type ?? 'without a type'
  const isKnown = kinds.includes(type)
  if (!isKnown) {
    unsupported.add(path, `variable $${raw.name} of type ${type}`, 'its saved value is taken')
  }
  const { query, lokiQuery } = readQuery(raw)
  const auto =
    type === 'interval' && raw.auto === true
      ? { auto: { count: raw.auto_count ?? 30, min: raw.auto_min || '10s' } }
      : {}
  return {
    name: raw.name,
    kind: isKnown ? (type as VariableKind) : 'unsupported',
    path,
    datasource: readDatasource(raw.datasource),
    query,
    ...(lokiQuery === undefined ? {} : { lokiQuery }),
    regex: raw.regex ?? '',
    sort: raw.sort ?? 0,
    multi: raw.multi ?? false,
    includeAll: raw.includeAll ?? false,
    ...(raw.allValue ? { allValue: raw.allValue } : {}),
    current: chosen(raw),
    ...auto,
    filters: raw.filters ?? [],
  }
}

function readQuery(raw: RawVariable): Pick<DashboardVariable, 'query' | 'lokiQuery'> {
  if (typeof raw.query === 'string') return { query: raw.query }
  const parsed = queryObject.safeParse(raw.query)
  if (!parsed.success) return { query: raw.definition ?? '' }
  const { query, label, stream, type } = parsed.data
  if (query !== undefined) return { query }
  if (type === undefined) return { query: raw.definition ?? '' }
  return { query: '', lokiQuery: { label: label ?? '', stream: stream ?? '', type } }
}

function chosen({ current, options }: RawVariable): string[] {
  const value = current?.value ?? options?.find(({ selected }) => selected)?.value
  const values = (Array.isArray(value) ? value : [value]).filter(
    (one): one is string | number => typeof one === 'string' || typeof one === 'number',
  )
  return values.map(String)
}

/** What the export of a dashboard asks for at its import: datasources and constants, named like variables. */
export function readInputs(inputs: RawDashboard['__inputs']): DashboardVariable[] {
  return (inputs ?? []).flatMap(({ name, type, pluginId, value }, index): DashboardVariable[] => {
    if (name === undefined) return []
    const shared = {
      name,
      path: `__inputs[${index}]`,
      datasource: {},
      regex: '',
      sort: 0,
      multi: false,
      includeAll: false,
      filters: [],
    }
    if (type === 'datasource') {
      return [{ ...shared, kind: 'datasource', query: pluginId ?? '', current: [] }]
    }
    const text = typeof value === 'string' ? value : ''
    return [{ ...shared, kind: 'constant', query: text, current: [text] }]
  })
}
