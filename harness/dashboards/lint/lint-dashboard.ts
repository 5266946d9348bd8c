import type { LintedDashboard } from './dashboard-shape.ts'
import { type Finding, findingAt, type LintName, type Said } from './finding.ts'
import { lintLinks } from './lint-links.ts'
import { datasourceOf, lintPanels } from './lint-panels.ts'
import { lintPromql } from './lint-promql.ts'
import type { LintSurroundings } from './lint-surroundings.ts'

/** One dashboard by itself. */

/** What every dashboard of ours has alike, so that no reader has to ask which one it is. */
const settings = { schemaVersion: 41, timezone: 'utc', editable: false } as const

export function lintDashboard(dashboard: LintedDashboard, file: string, around: LintSurroundings): Finding[] {
  const findings: Finding[] = []
  const add = (lint: LintName, path: string, said: Said, of?: string) =>
    findings.push(findingAt(lint, { file, path, ...(of === undefined ? {} : { of }) }, said))
  for (const [name, wanted] of Object.entries(settings)) {
    if (dashboard[name] !== wanted)
      add('consistent-settings', name, {
        expected: `${wanted}, as in every dashboard`,
        seen: String(dashboard[name]),
        remedy: 'write it as the others do',
      })
  }
  if (!/^\d+[smh]$/.test(dashboard.refresh))
    add('consistent-settings', 'refresh', {
      expected: 'an interval such as 10s',
      seen: `"${dashboard.refresh}"`,
      remedy: 'say how often it is to be asked for',
    })
  if (!file.endsWith(`/${dashboard.uid}.json`))
    add('unique-names', 'uid', {
      expected: "the file's name",
      seen: dashboard.uid,
      remedy: 'call the file after its uid: alerts lead to it by that name',
    })
  findings.push(
    ...repeated(dashboard, file),
    ...overlaps(dashboard, file),
    ...variables(dashboard, file, around),
    ...lintLinks(dashboard.links, { file, path: 'links' }, dashboard, around),
    ...lintPanels(dashboard, file, around),
  )
  return findings
}

function repeated({ panels }: LintedDashboard, file: string): Finding[] {
  return (['id', 'title'] as const).flatMap((key) =>
    panels.flatMap((panel, index) => {
      const first = panels.findIndex((other) => other[key] === panel[key])
      if (first === index) return []
      const place = { file, of: panel.title, path: `panels[${index}].${key}` }
      return [
        findingAt('unique-names', place, {
          expected: `a ${key} that no other panel of the dashboard has`,
          seen: `${panel[key]}, as panels[${first}]`,
          remedy: `give it a ${key} of its own`,
        }),
      ]
    }),
  )
}

const columns = 24

function overlaps({ panels }: LintedDashboard, file: string): Finding[] {
  return panels.flatMap(({ title, gridPos: { x, y, w, h } }, index) => {
    const place = { file, of: title, path: `panels[${index}].gridPos` }
    const other = panels.slice(0, index).find(({ gridPos: o }) => {
      const [besideX, besideY] = [x >= o.x + o.w || o.x >= x + w, y >= o.y + o.h || o.y >= y + h]
      return !besideX && !besideY
    })
    if (x + w <= columns && other === undefined) return []
    return [
      findingAt('overlapping-panels', place, {
        expected: `a place of its own on ${columns} columns`,
        seen: other === undefined ? `columns ${x} to ${x + w}` : `one over "${other.title}"`,
        remedy: 'move it: Grafana would, and then git holds another picture',
      }),
    ]
  })
}

function variables(dashboard: LintedDashboard, file: string, around: LintSurroundings): Finding[] {
  return dashboard.templating.list.flatMap((variable, index) => {
    const place = { file, of: `$${variable.name}`, path: `templating.list[${index}]` }
    if (variable.type === 'datasource') {
      const chosen = String(variable.current.value)
      const found = around.datasources.find(({ uid, type }) => uid === chosen && type === variable.query)
      if (found !== undefined) return []
      return [
        findingAt(
          'datasource-exists',
          { ...place, path: `${place.path}.current.value` },
          {
            expected: `a datasource of type ${String(variable.query)}`,
            seen: chosen,
            remedy: 'choose one of provisioning/datasources.yaml',
          },
        ),
      ]
    }
    const source = datasourceOf(variable.datasource ?? { type: '', uid: '' }, dashboard, around)
    if (typeof source === 'string')
      return [
        findingAt(
          'datasource-exists',
          { ...place, path: `${place.path}.datasource.uid` },
          {
            expected: 'a datasource of provisioning/datasources.yaml',
            seen: source,
            remedy: 'name one of these, or a datasource variable',
          },
        ),
      ]
    const query = typeof variable.query === 'string' ? variable.query : variable.query.query
    return labelValues(query, { ...place, path: `${place.path}.query.query` }, around)
  })
}

/** `label_values(selector, label)`: the selector is a query, and the label is one of its result. */
function labelValues(
  query: string,
  place: { file: string; of: string; path: string },
  around: LintSurroundings,
) {
  const [, selector, label] = /^label_values\((.+),\s*(\w+)\)$/.exec(query) ?? []
  if (selector === undefined || label === undefined)
    return [
      findingAt('query-parses', place, {
        expected: 'label_values(selector, label)',
        seen: query,
        remedy: 'write it so: other forms depend on what is stored at the time',
      }),
    ]
  const { findings, labels } = lintPromql({ expr: selector, place, stepMs: undefined }, around.signals)
  const unknown =
    labels === undefined || labels.has(label)
      ? []
      : [
          findingAt('label-exists', place, {
            expected: `a label of ${selector}: ${[...labels].sort().join(', ')}`,
            seen: label,
            remedy: 'correct the label: the variable would have no values',
          }),
        ]
  // It asks for labels, not for values.
  return [...findings.filter(({ lint }) => lint !== 'counter-without-rate'), ...unknown]
}
