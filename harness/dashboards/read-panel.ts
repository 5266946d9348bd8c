import type { DashboardPanel, DatasourceReference } from './dashboard-model.ts'
import { type RawPanel, target as targetSchema } from './dashboard-schema.ts'
import { readDatasource, readTarget } from './read-target.ts'
import type { UnsupportedConstructs } from './unsupported-constructs.ts'

/** Panels that ask no datasource: there is nothing in them to judge. */
const silentTypes = new Set([
  'row',
  'text',
  'news',
  'dashlist',
  'pluginlist',
  'welcome',
  'gettingstarted',
  'debug',
  'alertlist',
  'alertGroups',
  'annolist',
])

/** What shows several datasources in one panel: each target names its own. */
const mixedDatasource = '-- Mixed --'

/** Undefined for a panel that asks nothing. */
export function readPanel(
  raw: RawPanel,
  { path, repeats, index }: { path: string; repeats: readonly string[]; index: number },
  unsupported: UnsupportedConstructs,
): DashboardPanel | undefined {
  const title = raw.title || `panel ${raw.id ?? index + 1}`
  const type = raw.type ?? (raw.libraryPanel === undefined ? 'unknown' : 'library panel')
  if (silentTypes.has(type)) return undefined
  const datasource = readDatasource(raw.datasource)
  const targets = readTargets(raw, { path, title, datasource }, unsupported)
  nameUnsupported(raw, { path, title }, unsupported)
  const unit = raw.fieldConfig?.defaults?.unit ?? raw.format ?? raw.yaxes?.[0]?.format
  return {
    id: raw.id ?? index + 1,
    title,
    path,
    type,
    datasource,
    targets,
    thresholds: (raw.fieldConfig?.defaults?.thresholds?.steps ?? []).flatMap(({ value, color }) =>
      typeof value === 'number' ? [{ value, color: color ?? '' }] : [],
    ),
    repeats: raw.repeat ? [...repeats, raw.repeat] : repeats,
    ...(raw.description ? { description: raw.description } : {}),
    ...(unit ? { unit } : {}),
    ...(raw.interval ? { interval: raw.interval } : {}),
    ...(raw.maxDataPoints ? { maxDataPoints: raw.maxDataPoints } : {}),
    ...(raw.timeFrom ? { timeFrom: raw.timeFrom } : {}),
    ...(raw.timeShift ? { timeShift: raw.timeShift } : {}),
  }
}

function readTargets(
  raw: RawPanel,
  { path, title, datasource }: { path: string; title: string; datasource: DatasourceReference },
  unsupported: UnsupportedConstructs,
) {
  const ofPanel = datasource.uid === mixedDatasource ? {} : datasource
  const targets = unsupported
    .items(raw.targets, { path: `${path}.targets`, schema: targetSchema, panel: title })
    .map(({ item, path: at }) => readTarget(item, at, ofPanel))
  const taken = new Set(targets.map(({ refId }) => refId))
  // Older dashboards left the ids to Grafana, which gives them out in this order.
  const free = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].filter((letter) => !taken.has(letter))
  return targets.map((target, index) =>
    target.refId === '' ? { ...target, refId: free.shift() ?? `Q${index + 1}` } : target,
  )
}

function nameUnsupported(
  raw: RawPanel,
  { path, title }: { path: string; title: string },
  unsupported: UnsupportedConstructs,
): void {
  for (const [index, { id }] of (raw.transformations ?? []).entries()) {
    const at = `${path}.transformations[${index}]`
    unsupported.add(at, `transformation ${id ?? 'without an id'}`, 'queries are judged before it', title)
  }
  if (raw.libraryPanel !== undefined && raw.targets === undefined) {
    const name = raw.libraryPanel.name ?? raw.libraryPanel.uid ?? 'without a name'
    unsupported.add(path, `library panel ${name}`, 'not asked: its queries are kept in Grafana', title)
  }
}
