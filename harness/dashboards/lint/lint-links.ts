import type { Link, LintedDashboard } from './dashboard-shape.ts'
import { below, type Finding, findingAt, type Place } from './finding.ts'
import { lintLogql } from './lint-logql.ts'
import type { LintSurroundings } from './lint-surroundings.ts'

/** Links that lead somewhere: to a runbook that is there, to a dashboard of ours, to lines and traces by a query that parses. */

export function lintLinks(
  links: readonly Link[],
  place: Place,
  dashboard: Pick<LintedDashboard, 'templating'>,
  around: LintSurroundings,
): Finding[] {
  return links.flatMap((link, index) => {
    // A list of dashboards by their tags has no address.
    if (link.type === 'dashboards') return []
    const at = below({ ...place, path: `${place.path}[${index}]` }, 'url')
    return whereTo(link.url ?? '', dashboard, around).map((seen) =>
      findingAt('link-leads-nowhere', at, {
        expected: 'a link to /runbooks/<alert>, /d/<dashboard> or /explore',
        seen,
        remedy: 'correct the address; a runbook is a file of alerts/runbooks',
      }),
    )
  })
}

/** What is wrong with an address, in words. */
function whereTo(
  url: string,
  dashboard: Pick<LintedDashboard, 'templating'>,
  around: LintSurroundings,
): string[] {
  const { pathname, searchParams } = new URL(url, 'http://grafana')
  const [, room, name = ''] = /^\/(runbooks|d|explore)(?:\/([^/]+))?$/.exec(pathname) ?? []
  if (room === 'runbooks')
    return around.runbooks.includes(name) ? [] : [`the runbook ${name}, which is not there`]
  if (room === 'd')
    return around.dashboards.includes(name) ? [] : [`the dashboard ${name}, which is not there`]
  if (room === 'explore') return exploreProblems(searchParams.get('panes') ?? '', dashboard, around)
  return [url === '' ? 'no address' : url]
}

interface Pane {
  readonly datasource?: string
  readonly queries?: readonly { readonly expr?: string; readonly query?: string }[]
}

function exploreProblems(
  panes: string,
  { templating }: Pick<LintedDashboard, 'templating'>,
  around: LintSurroundings,
): string[] {
  let parsed: Record<string, Pane>
  try {
    parsed = JSON.parse(panes) as Record<string, Pane>
  } catch {
    return [`panes that are no JSON: ${panes.slice(0, 60)}`]
  }
  return Object.values(parsed).flatMap(({ datasource = '', queries = [] }) => {
    const [, name] = /^\$\{?(\w+)\}?$/.exec(datasource) ?? []
    const variable = templating.list.find((one) => one.name === name && one.type === 'datasource')
    const uid = variable === undefined ? datasource : String(variable.current.value)
    const source = around.datasources.find((one) => one.uid === uid)
    if (source === undefined) return [`the datasource ${datasource}, which is not there`]
    if (queries.length === 0) return [`no query for ${uid}`]
    if (source.type !== 'loki') return []
    return queries.flatMap(({ expr = '' }) =>
      lintLogql({ expr: withFieldValues(expr), place: { file: '', path: '' } }, around).findings.map(
        ({ seen }) => seen,
      ),
    )
  })
}

/** `${__field.labels.app}` is a value of the series that was clicked on. */
const withFieldValues = (expr: string): string => expr.replaceAll(/\$\{__[\w.]+\}/g, 'value')
