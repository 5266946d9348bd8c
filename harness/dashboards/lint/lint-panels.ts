import { parseDurationMs } from '../../core/prometheus-duration.ts'
import type { DatasourceRef, LintedDashboard, Panel, Target } from './dashboard-shape.ts'
import { below, type Finding, findingAt, type LintName, type Place, type Said } from './finding.ts'
import { lintLinks } from './lint-links.ts'
import { lintLogql } from './lint-logql.ts'
import { lintPromql } from './lint-promql.ts'
import type { LintedDatasource, LintSurroundings } from './lint-surroundings.ts'
import { variablesIn } from './masked-query.ts'

/** Panels and their targets: what a reader needs to understand one, and queries that can answer. */

/** Grafana's ids of units that our figures have; another one is added here once a panel needs it. */
const units = new Set([
  ...['none', 'short', 'percent', 'percentunit', 's', 'ms', 'reqps', 'cps', 'ops', 'bytes', 'Bps'],
  ...['bool', 'dateTimeFromNow'],
])

/** Panels that show no figures have neither unit nor thresholds nor legend. */
const withoutFigures = new Set(['logs', 'traces', 'table'])

export function lintPanels(dashboard: LintedDashboard, file: string, around: LintSurroundings): Finding[] {
  return dashboard.panels.flatMap((panel, index) =>
    panel.type === 'row'
      ? []
      : lintPanel(panel, { file, of: panel.title, path: `panels[${index}]` }, dashboard, around),
  )
}

function lintPanel(
  panel: Panel,
  place: Place,
  dashboard: LintedDashboard,
  around: LintSurroundings,
): Finding[] {
  const findings: Finding[] = []
  const add = (lint: LintName, path: string, said: Said) =>
    findings.push(findingAt(lint, below(place, path), said))
  if ((panel.description ?? '').length < 20)
    add('panel-described', 'description', {
      expected: 'what the panel shows and what it means, in a sentence',
      seen: panel.description === undefined ? 'nothing' : `"${panel.description}"`,
      remedy: 'write it for somebody who is called at night and has never seen the panel',
    })
  const { unit, thresholds } = panel.fieldConfig?.defaults ?? {}
  if (unit === undefined || !units.has(unit))
    add('panel-unit', 'fieldConfig.defaults.unit', {
      expected: `a unit: ${[...units].join(', ')}`,
      seen: unit ?? 'none',
      remedy: 'name what the figures are; `short` is a plain number',
    })
  if (thresholds === undefined && !withoutFigures.has(panel.type))
    add('panel-described', 'fieldConfig.defaults.thresholds', {
      expected: 'thresholds: what is good, and where it ends',
      seen: 'none',
      remedy: 'give it at least the colour of what is good',
    })
  const targets = panel.targets ?? []
  if (targets.length === 0)
    add('schema', 'targets', {
      expected: 'a query',
      seen: 'none',
      remedy: 'give the panel a query, or take it out',
    })
  findings.push(...twice(targets, place))
  targets.forEach((target, index) => {
    findings.push(...lintTarget(target, panel, below(place, `targets[${index}]`), dashboard, around))
  })
  findings.push(...lintLinks(panel.links ?? [], below(place, 'links'), dashboard, around))
  const dataLinks = panel.fieldConfig?.defaults.links ?? []
  findings.push(...lintLinks(dataLinks, below(place, 'fieldConfig.defaults.links'), dashboard, around))
  return findings
}

function twice(targets: readonly Target[], place: Place): Finding[] {
  const names = targets.map(({ refId }) => refId)
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [
          findingAt('unique-names', below(place, `targets[${index}].refId`), {
            expected: 'each refId once in a panel',
            seen: `${name} twice`,
            remedy: 'name the second one B, the third C',
          }),
        ],
  )
}

function lintTarget(
  target: Target,
  panel: Panel,
  place: Place,
  dashboard: LintedDashboard,
  around: LintSurroundings,
): Finding[] {
  const source = datasourceOf(target.datasource, dashboard, around)
  if (typeof source === 'string')
    return [
      findingAt('datasource-exists', below(place, 'datasource.uid'), {
        expected: `a datasource of provisioning/datasources.yaml: ${around.datasources.map(({ uid }) => uid).join(', ')}`,
        seen: source,
        remedy: 'name one of these, or a datasource variable',
      }),
    ]
  const query = target.expr ?? target.query ?? ''
  const unknown = variablesIn(query).filter((name) => !hasVariable(dashboard, name))
  const findings = unknown.map((name) =>
    findingAt('variable-exists', below(place, target.expr === undefined ? 'query' : 'expr'), {
      expected: `a variable of the dashboard: ${namesOf(dashboard)}`,
      seen: `$${name}`,
      remedy: 'correct the name, or add the variable: Grafana would send it as it stands',
    }),
  )
  const queryPlace = below(place, 'expr')
  if (source.type === 'prometheus') {
    const stepMs =
      target.interval === undefined ? source.timeIntervalMs : (parseDurationMs(target.interval) ?? undefined)
    const { findings: found, labels } = lintPromql({ expr: query, place: queryPlace, stepMs }, around.signals)
    return [...findings, ...found, ...lintLegend(target, panel, place, labels)]
  }
  if (source.type === 'loki') {
    const { findings: found, labels } = lintLogql({ expr: query, place: queryPlace }, around)
    return [...findings, ...found, ...lintLegend(target, panel, place, labels)]
  }
  if (query === '')
    findings.push(
      findingAt('query-parses', below(place, 'query'), {
        expected: 'a query',
        seen: 'nothing',
        remedy: 'write one, or take the target out',
      }),
    )
  return findings
}

/** A series is called by a legend, and the legend by labels that it has. */
function lintLegend(
  { legendFormat = '' }: Target,
  panel: Panel,
  place: Place,
  labels: ReadonlySet<string> | undefined,
): Finding[] {
  if (withoutFigures.has(panel.type)) return []
  if (legendFormat === '' || legendFormat === '__auto')
    return [
      findingAt('target-legend', below(place, 'legendFormat'), {
        expected: 'a legend by labels or a word',
        seen: legendFormat === '' ? 'none' : legendFormat,
        remedy: 'write it: {{app}} {{route}}',
      }),
    ]
  if (labels === undefined) return []
  const named = [...legendFormat.matchAll(/\{\{\s*([^}\s]+)\s*\}\}/g)].map(([, name = '']) => name)
  const said = (expected: string, seen: string) =>
    findingAt('target-legend', below(place, 'legendFormat'), {
      expected,
      seen,
      remedy: 'name the labels that the query groups by',
    })
  const missing = named.filter((name) => !labels.has(name))
  return [
    ...missing.map((name) => said(`labels of the result: ${[...labels].sort().join(', ') || 'none'}`, name)),
    ...(named.length === 0 && labels.size > 0
      ? [
          said(
            `a legend that tells series apart: ${[...labels].sort().join(', ')}`,
            `"${legendFormat}" for all`,
          ),
        ]
      : []),
  ]
}

/** The datasource that a reference leads to, a datasource variable by its saved choice; words for one that leads nowhere. */
export function datasourceOf(
  { uid, type }: DatasourceRef,
  { templating }: Pick<LintedDashboard, 'templating'>,
  { datasources }: Pick<LintSurroundings, 'datasources'>,
): LintedDatasource | string {
  const [, name] = /^\$\{?(\w+)\}?$/.exec(uid) ?? []
  const variable = templating.list.find((one) => one.name === name && one.type === 'datasource')
  if (name !== undefined && variable === undefined) return `$${name}, which is no datasource variable`
  const wanted = variable === undefined ? uid : String(variable.current.value)
  const found = datasources.find((one) => one.uid === wanted)
  if (found === undefined) return wanted
  return found.type === type ? found : `${wanted} as ${type}, which is of type ${found.type}`
}

const hasVariable = ({ templating }: Pick<LintedDashboard, 'templating'>, name: string): boolean =>
  templating.list.some((variable) => variable.name === name)

const namesOf = ({ templating }: Pick<LintedDashboard, 'templating'>): string =>
  templating.list.map(({ name }) => name).join(', ') || 'it has none'
