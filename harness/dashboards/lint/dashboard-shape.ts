import { z } from 'zod'
import { writePath } from '../../config/load-config.ts'
import { type Finding, findingAt } from './finding.ts'

/**
 * Our dashboards as they have to be written, so far as the lints look at them. Stricter than what Grafana opens: what
 * is left out there is decided by whoever opens it, and a dashboard in git is to be the same for everybody.
 */

const datasource = z.strictObject({ type: z.string(), uid: z.string() })
export type DatasourceRef = z.output<typeof datasource>

const target = z.looseObject({
  refId: z.string().min(1),
  datasource,
  expr: z.string().optional(),
  query: z.string().optional(),
  legendFormat: z.string().optional(),
  /** The least step: the scrape interval of what is asked for, where it is not the datasource's. */
  interval: z.string().optional(),
  instant: z.boolean().optional(),
})
export type Target = z.output<typeof target>

const link = z.looseObject({
  title: z.string().min(1),
  url: z.string().min(1).optional(),
  type: z.string().optional(),
})
export type Link = z.output<typeof link>

const panel = z.looseObject({
  id: z.int().positive(),
  type: z.string(),
  title: z.string().min(1),
  description: z.string().optional(),
  datasource: datasource.optional(),
  gridPos: z.strictObject({ h: z.int(), w: z.int(), x: z.int(), y: z.int() }),
  fieldConfig: z
    .looseObject({
      defaults: z.looseObject({
        unit: z.string().optional(),
        noValue: z.string().optional(),
        thresholds: z.looseObject({ steps: z.array(z.unknown()).min(1) }).optional(),
        links: z.array(link).optional(),
      }),
    })
    .optional(),
  links: z.array(link).optional(),
  targets: z.array(target).optional(),
})
export type Panel = z.output<typeof panel>

const variable = z.looseObject({
  name: z.string().regex(/^\w+$/),
  type: z.enum(['query', 'datasource']),
  datasource: datasource.optional(),
  query: z.union([z.string(), z.looseObject({ query: z.string() })]),
  current: z.looseObject({ value: z.union([z.string(), z.array(z.string())]) }),
  multi: z.boolean(),
  includeAll: z.boolean(),
})

export const dashboardShape = z.looseObject({
  id: z.null(),
  uid: z.string().regex(/^[a-z0-9-]{1,40}$/),
  title: z.string().min(1),
  description: z.string().min(1),
  schemaVersion: z.int(),
  tags: z.array(z.string()).min(1),
  editable: z.literal(false),
  timezone: z.string(),
  refresh: z.string(),
  time: z.strictObject({ from: z.string(), to: z.string() }),
  links: z.array(link),
  templating: z.strictObject({ list: z.array(variable) }),
  panels: z.array(panel).min(1),
})
export type LintedDashboard = z.output<typeof dashboardShape>

/** A dashboard's file, parsed. */
export interface DashboardFile {
  /** From the root of the project. */
  readonly file: string
  readonly document: unknown
}

/** The dashboard, or what keeps it from being one. */
export function readShape({ file, document }: DashboardFile): {
  dashboard?: LintedDashboard
  findings: Finding[]
} {
  const parsed = dashboardShape.safeParse(document)
  if (parsed.success) return { dashboard: parsed.data, findings: [] }
  return {
    findings: parsed.error.issues.map(({ path, message }) => {
      const [first, index] = path
      const title = first === 'panels' && typeof index === 'number' ? titleOf(document, index) : undefined
      return findingAt(
        'schema',
        { file, path: writePath(path), ...(title === undefined ? {} : { of: title }) },
        {
          expected: 'a dashboard as the lint knows them',
          seen: message,
          remedy: 'write it as the other dashboards do',
        },
      )
    }),
  }
}

function titleOf(document: unknown, index: number): string | undefined {
  const { panels } = document as { panels?: readonly { title?: unknown }[] }
  const title = panels?.[index]?.title
  return typeof title === 'string' ? title : undefined
}
