import { z } from 'zod'

/**
 * Grafana's JSON as dashboards of many years have it: whatever may be left out may be left out here, and what has
 * another type than its name promises counts as left out, since Grafana opens such a dashboard as well.
 */

const text = z.string().optional().catch(undefined)
const number = z.number().optional().catch(undefined)
const flag = z.boolean().optional().catch(undefined)
/** Numbers that older editors saved as text. */
const looseNumber = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
  .optional()
  .catch(undefined)
const list = <T extends z.ZodType>(of: T) => z.array(of).nullish().catch(undefined)

export const datasource = z
  .union([z.null(), z.string(), z.looseObject({ type: z.string().nullish(), uid: z.string().nullish() })])
  .optional()
  .catch(undefined)

export type RawDatasource = z.output<typeof datasource>

export const target = z.looseObject({
  refId: text,
  datasource,
  datasourceName: text,
  expr: text,
  query: z.unknown().optional(),
  queryType: text,
  instant: flag,
  range: flag,
  format: text,
  hide: flag,
  legendFormat: text,
  interval: text,
  intervalFactor: looseNumber,
  step: z.union([z.string(), z.number()]).optional().catch(undefined),
  resolution: number,
  limit: looseNumber,
  maxLines: looseNumber,
  exemplar: flag,
  type: text,
})

export type RawTarget = z.output<typeof target>

const thresholds = z
  .looseObject({
    mode: text,
    steps: list(
      z.looseObject({ color: text, value: z.union([z.number(), z.null()]).optional().catch(undefined) }),
    ),
  })
  .optional()
  .catch(undefined)

const fieldDefaults = z.looseObject({ unit: text, thresholds }).optional().catch(undefined)
export const fieldConfig = z
  .looseObject({ defaults: fieldDefaults, overrides: list(z.unknown()) })
  .optional()
  .catch(undefined)

export const panel = z.looseObject({
  id: number,
  title: text,
  description: text,
  type: text,
  datasource,
  targets: z.unknown().optional(),
  interval: z.string().nullish().catch(undefined),
  maxDataPoints: looseNumber.or(z.null()),
  timeFrom: z.string().nullish().catch(undefined),
  timeShift: z.string().nullish().catch(undefined),
  repeat: z.string().nullish().catch(undefined),
  transformations: list(z.looseObject({ id: text })),
  libraryPanel: z.looseObject({ uid: text, name: text }).optional().catch(undefined),
  fieldConfig,
  format: text,
  /** Of the graph panel of schemas before 27. */
  yaxes: list(z.looseObject({ format: text })),
  panels: z.unknown().optional(),
})

export type RawPanel = z.output<typeof panel>

const option = z.looseObject({
  text: z.unknown().optional(),
  value: z.unknown().optional(),
  selected: flag,
})

export const variable = z.looseObject({
  name: z.string(),
  type: text,
  datasource,
  query: z.unknown().optional(),
  definition: text,
  regex: text,
  sort: number,
  multi: flag,
  includeAll: flag,
  allValue: z.string().nullish().catch(undefined),
  current: option.nullish().catch(undefined),
  options: list(option),
  auto: flag,
  auto_count: looseNumber,
  auto_min: text,
  filters: list(
    z.looseObject({
      key: z.string().catch(''),
      operator: z.string().catch('='),
      value: z.string().catch(''),
    }),
  ),
})

export type RawVariable = z.output<typeof variable>

export const row = z.looseObject({
  title: text,
  repeat: z.string().nullish().catch(undefined),
  panels: z.unknown().optional(),
})

export const classicDashboard = z.looseObject({
  uid: z.string().nullish().catch(undefined),
  title: text,
  schemaVersion: number,
  time: z.looseObject({ from: text, to: text }).optional().catch(undefined),
  panels: z.unknown().optional(),
  rows: z.unknown().optional(),
  templating: z.looseObject({ list: z.unknown().optional() }).nullish().catch(undefined),
  annotations: z
    .looseObject({
      list: list(z.looseObject({ name: text, builtIn: z.unknown().optional(), enable: flag, datasource })),
    })
    .nullish()
    .catch(undefined),
  __inputs: list(z.looseObject({ name: text, type: text, pluginId: text, value: z.unknown().optional() })),
  __elements: z.unknown().optional(),
})

export type RawDashboard = z.output<typeof classicDashboard>
