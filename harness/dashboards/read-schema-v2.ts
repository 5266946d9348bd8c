import { z } from 'zod'
import type { Dashboard } from './dashboard-model.ts'
import { fieldConfig, panel as panelSchema, variable as variableSchema } from './dashboard-schema.ts'
import { readPanel } from './read-panel.ts'
import { readVariable } from './read-variable.ts'
import type { UnsupportedConstructs } from './unsupported-constructs.ts'

/**
 * Grafana's second schema: panels are `elements` by name, and where they stand is said apart from them. Each panel and
 * variable is brought into the form of the first schema, so that both are read by the same code.
 */

/** A datasource of the second schema: by name since its stable version, by uid before it. */
const datasource = z
  .looseObject({ name: z.string().optional(), uid: z.string().optional(), type: z.string().optional() })
  .optional()
  .catch(undefined)

const dataQuery = z.looseObject({
  kind: z.string().optional(),
  group: z.string().optional(),
  datasource,
  spec: z.looseObject({}).optional(),
})

const panelQuery = z.looseObject({
  spec: z.looseObject({
    refId: z.string().optional(),
    hidden: z.boolean().optional(),
    datasource,
    query: dataQuery,
  }),
})

const element = z.looseObject({
  kind: z.string(),
  spec: z.looseObject({
    id: z.number().optional(),
    title: z.string().optional(),
    description: z.string().optional(),
    data: z
      .looseObject({
        spec: z.looseObject({
          queries: z.unknown().optional(),
          transformations: z
            .array(z.looseObject({ kind: z.string().optional(), group: z.string().optional() }))
            .optional(),
          queryOptions: z.looseObject({}).optional(),
        }),
      })
      .optional(),
    vizConfig: z
      .looseObject({
        kind: z.string().optional(),
        group: z.string().optional(),
        spec: z.looseObject({ fieldConfig }).optional(),
      })
      .optional(),
    libraryPanel: z.looseObject({ name: z.string().optional(), uid: z.string().optional() }).optional(),
  }),
})

const variableOfV2 = z.looseObject({
  kind: z.string(),
  spec: z.looseObject({
    name: z.string(),
    query: z.unknown().optional(),
    datasource,
    sort: z.unknown().optional(),
    pluginId: z.string().optional(),
  }),
})

const dashboardOfV2 = z.looseObject({
  uid: z.string().optional(),
  title: z.string().optional().catch(undefined),
  timeSettings: z
    .looseObject({ from: z.string().optional(), to: z.string().optional() })
    .optional()
    .catch(undefined),
  variables: z.unknown().optional(),
  annotations: z.unknown().optional(),
})

/** In the order of their numbers in the first schema. */
const sortNames = [
  'disabled',
  'alphabeticalAsc',
  'alphabeticalDesc',
  'numericalAsc',
  'numericalDesc',
  'alphabeticalCaseInsensitiveAsc',
  'alphabeticalCaseInsensitiveDesc',
  'naturalAsc',
  'naturalDesc',
]

export function readSchemaV2(
  json: Record<string, unknown>,
  where: string,
  unsupported: UnsupportedConstructs,
): Dashboard {
  const { data } = dashboardOfV2.safeParse(json)
  const title = data?.title ?? 'without a title'
  const elements = Object.entries(json.elements ?? {})
  const panels = elements.flatMap(([name, value], index) => {
    const path = `elements.${name}`
    const parsed = element.safeParse(value)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      unsupported.add(`${path}.${issue?.path.join('.') ?? ''}`, issue?.message ?? 'another shape', 'not read')
      return []
    }
    const read = readPanel(
      panelSchema.parse(asClassicPanel(parsed.data, path, unsupported)),
      { path, repeats: [], index },
      unsupported,
    )
    return read === undefined ? [] : [read]
  })
  nameLayout(json.layout, unsupported)
  return {
    where,
    uid: data?.uid ?? title,
    title,
    format: 'v2',
    time: { from: data?.timeSettings?.from ?? 'now-6h', to: data?.timeSettings?.to ?? 'now' },
    variables: unsupported
      .items(data?.variables, { path: 'variables', schema: variableOfV2 })
      .map(({ item, path }) =>
        readVariable(variableSchema.parse(asClassicVariable(item)), path, unsupported),
      ),
    panels,
    unsupported: unsupported.found,
  }
}

function asClassicPanel(
  { kind, spec }: z.output<typeof element>,
  path: string,
  unsupported: UnsupportedConstructs,
): Record<string, unknown> {
  const { id, title, description, data, vizConfig } = spec
  if (kind !== 'Panel') return { id, title, libraryPanel: spec.libraryPanel ?? {} }
  const options = data?.spec.queryOptions ?? {}
  return {
    id,
    title,
    description,
    // The kind of a panel was its plugin before `group` was.
    type: vizConfig?.group ?? vizConfig?.kind,
    fieldConfig: vizConfig?.spec?.fieldConfig,
    transformations: (data?.spec.transformations ?? []).map(({ group, kind: plugin }) => ({
      id: group ?? plugin,
    })),
    interval: options.interval,
    maxDataPoints: options.maxDataPoints,
    timeFrom: options.timeFrom,
    timeShift: options.timeShift,
    targets: unsupported
      .items(data?.spec.queries, { path: `${path}.spec.data.spec.queries`, schema: panelQuery })
      .map(({ item: { spec: query } }) => ({
        ...query.query.spec,
        refId: query.refId,
        hide: query.hidden,
        datasource: classicDatasource(query.query, query.datasource),
      })),
  }
}

function classicDatasource(
  { kind, group, datasource: own }: z.output<typeof dataQuery>,
  beside: z.output<typeof datasource>,
) {
  const named = own ?? beside
  return { type: named?.type ?? group ?? kind, uid: named?.name ?? named?.uid }
}

function asClassicVariable({ kind, spec }: z.output<typeof variableOfV2>): Record<string, unknown> {
  const type = kind.replace(/Variable$/, '').toLowerCase()
  const parsed = dataQuery.safeParse(spec.query)
  const isQuery = type === 'query' && parsed.success
  const ofQuery = isQuery ? parsed.data : undefined
  const inner = ofQuery?.spec
  return {
    ...spec,
    type: type === 'text' ? 'textbox' : type,
    query:
      type === 'datasource' ? spec.pluginId : isQuery ? (inner?.__legacyStringValue ?? inner) : spec.query,
    datasource: ofQuery === undefined ? undefined : classicDatasource(ofQuery, spec.datasource),
    sort: typeof spec.sort === 'string' ? Math.max(0, sortNames.indexOf(spec.sort)) : spec.sort,
  }
}

/** Only a layout's repetition changes what is asked. */
function nameLayout(layout: unknown, unsupported: UnsupportedConstructs): void {
  const repeats = (JSON.stringify(layout ?? {}).match(/"repeat":\{/g) ?? []).length
  if (repeats > 0)
    unsupported.add('layout', `${repeats} repeated panels or rows`, 'asked once, for all values')
}
