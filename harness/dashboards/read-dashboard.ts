import { z } from 'zod'
import { SignalproofError } from '../core/signalproof-error.ts'
import type { Dashboard, DashboardPanel } from './dashboard-model.ts'
import {
  classicDashboard,
  panel as panelSchema,
  type RawDashboard,
  type RawPanel,
  row as rowSchema,
  variable as variableSchema,
} from './dashboard-schema.ts'
import { readPanel } from './read-panel.ts'
import { readSchemaV2 } from './read-schema-v2.ts'
import { readInputs, readVariable } from './read-variable.ts'
import { UnsupportedConstructs } from './unsupported-constructs.ts'

/** The wrappings in which Grafana hands a dashboard out: its HTTP API's, and its Kubernetes-like resource's. */
const wrapped = z.union([
  z.looseObject({ dashboard: z.looseObject({}) }).transform(({ dashboard }) => dashboard),
  z
    .looseObject({
      kind: z.literal('Dashboard'),
      spec: z.looseObject({}),
      metadata: z.looseObject({ name: z.string() }).optional(),
    })
    .transform(({ spec, metadata }) => ({ uid: metadata?.name, ...spec })),
])

/**
 * Reads a dashboard of any age: the schema with `panels`, the older one with `rows`, and the second with `elements`.
 * What is not supported is listed in the result, by the place where it stands.
 * @throws SignalproofError CONFIG_UNREADABLE for text that is no JSON, CONFIG_INVALID for JSON that is no dashboard
 */
export function readDashboard(text: string, where: string): Dashboard {
  const json = unwrapped(parseJson(text, where))
  const unsupported = new UnsupportedConstructs(where)
  if (isRecord(json) && isRecord(json.elements)) return readSchemaV2(json, where, unsupported)
  const parsed = classicDashboard.safeParse(json)
  if (!parsed.success || (parsed.data.panels === undefined && parsed.data.rows === undefined)) {
    throw new SignalproofError('CONFIG_INVALID', {
      expected: 'a Grafana dashboard: an object with panels, rows or elements',
      seen: isRecord(json) ? `an object with ${Object.keys(json).slice(0, 8).join(', ')}` : typeof json,
      where,
      remedy: "export the dashboard from Grafana, by Share or from its API's /api/dashboards/uid/UID",
    })
  }
  const raw = parsed.data
  const title = raw.title || 'without a title'
  nameUnsupported(raw, unsupported)
  const panels = [...panelsOfRows(raw, unsupported), ...panelsOf(raw.panels, unsupported, raw)]
  return {
    where,
    uid: raw.uid || title,
    title,
    format: raw.panels === undefined ? 'rows' : 'classic',
    ...(raw.schemaVersion === undefined ? {} : { schemaVersion: raw.schemaVersion }),
    time: { from: raw.time?.from ?? 'now-6h', to: raw.time?.to ?? 'now' },
    variables: [
      ...readInputs(raw.__inputs),
      ...unsupported
        .items(raw.templating?.list, { path: 'templating.list', schema: variableSchema })
        .map(({ item, path }) => readVariable(item, path, unsupported)),
    ],
    panels,
    unsupported: unsupported.found,
  }
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    throw new SignalproofError('CONFIG_UNREADABLE', {
      expected: 'a dashboard as JSON',
      seen: thrown instanceof Error ? thrown.message : String(thrown),
      where,
      remedy: 'mend the file there',
    })
  }
}

function unwrapped(json: unknown): unknown {
  const parsed = wrapped.safeParse(json)
  return parsed.success ? parsed.data : json
}

function panelsOfRows(raw: RawDashboard, unsupported: UnsupportedConstructs): DashboardPanel[] {
  return unsupported.items(raw.rows, { path: 'rows', schema: rowSchema }).flatMap(({ item, path }) => {
    const repeats = item.repeat ? [item.repeat] : []
    return readPanels(item.panels, { path: `${path}.panels`, repeats }, unsupported, raw)
  })
}

/** A row that is open stands before its panels, a collapsed one holds them; either may be repeated. */
function panelsOf(panels: unknown, unsupported: UnsupportedConstructs, raw: RawDashboard): DashboardPanel[] {
  let repeats: readonly string[] = []
  return unsupported
    .items(panels, { path: 'panels', schema: panelSchema })
    .flatMap(({ item, path }, index) => {
      if (item.type !== 'row') return onePanel(item, { path, repeats, index }, unsupported, raw)
      repeats = item.repeat ? [item.repeat] : []
      return readPanels(item.panels, { path: `${path}.panels`, repeats }, unsupported, raw)
    })
}

function readPanels(
  panels: unknown,
  { path, repeats }: { path: string; repeats: readonly string[] },
  unsupported: UnsupportedConstructs,
  raw: RawDashboard,
): DashboardPanel[] {
  return unsupported
    .items(panels, { path, schema: panelSchema })
    .flatMap(({ item, path: at }, index) => onePanel(item, { path: at, repeats, index }, unsupported, raw))
}

function onePanel(
  item: RawPanel,
  place: { path: string; repeats: readonly string[]; index: number },
  unsupported: UnsupportedConstructs,
  raw: RawDashboard,
): DashboardPanel[] {
  const read = readPanel(exportedElement(item, raw) ?? item, place, unsupported)
  return read === undefined ? [] : [read]
}

/** An export brings the library panels it uses along. */
function exportedElement({ libraryPanel, id }: RawPanel, raw: RawDashboard): RawPanel | undefined {
  if (libraryPanel?.uid === undefined || !isRecord(raw.__elements)) return undefined
  const element = raw.__elements[libraryPanel.uid]
  const parsed = panelSchema.safeParse(isRecord(element) ? element.model : undefined)
  return parsed.success ? { ...parsed.data, id } : undefined
}

function nameUnsupported(raw: RawDashboard, unsupported: UnsupportedConstructs): void {
  for (const [index, { name, builtIn, enable }] of (raw.annotations?.list ?? []).entries()) {
    const isOfGrafana = builtIn === 1 || builtIn === true || name === 'Annotations & Alerts'
    if (isOfGrafana || enable === false) continue
    unsupported.add(`annotations.list[${index}]`, `annotation ${name ?? 'without a name'}`, 'not asked')
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
