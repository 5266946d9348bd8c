import type { LintName } from './finding.ts'
import { type DashboardDouble, dashboardDouble } from './lint-doubles.ts'

/** Dashboards that are wrong in one way each, and what has to be said of it. */

/** The double with its first panel's query, as a panel of its own would have it. */
export function withQuery(expr: string, legendFormat = '{{app}}', more: Record<string, unknown> = {}) {
  const dashboard = dashboardDouble()
  Object.assign(dashboard.panels[0]?.targets[0] ?? {}, { expr, legendFormat, ...more })
  return dashboard
}

export const withLines = (expr: string, legendFormat = '{{app}}') => {
  const dashboard = dashboardDouble()
  Object.assign(dashboard.panels[1]?.targets[0] ?? {}, { expr, legendFormat })
  return dashboard
}

function changed(change: (dashboard: DashboardDouble) => unknown) {
  const dashboard = dashboardDouble()
  change(dashboard)
  return dashboard
}

const first = (change: (panel: DashboardDouble['panels'][number]) => unknown) =>
  changed(({ panels: [panel] }) => panel && change(panel))

export const wrongDashboards: readonly (readonly [LintName, string, unknown, string])[] = [
  [
    'schema',
    'an id of one Grafana',
    changed((d) => Object.assign(d, { id: 7 })),
    'dashboards/grafana/shop.json id: expected a dashboard as the lint knows them; seen Invalid input: expected null, received number; try write it as the other dashboards do (schema)',
  ],
  [
    'schema',
    'a panel that lies nowhere',
    first((panel) => Object.assign(panel, { gridPos: undefined })),
    'dashboards/grafana/shop.json "Requests" panels[0].gridPos: expected a dashboard as',
  ],
  [
    'schema',
    'a panel without a query',
    first((p) => Object.assign(p, { targets: [] })),
    '"Requests" panels[0].targets: expected a query; seen none',
  ],
  [
    'consistent-settings',
    'another time zone',
    changed((d) => Object.assign(d, { timezone: 'browser' })),
    'timezone: expected utc, as in every dashboard; seen browser',
  ],
  [
    'consistent-settings',
    'another schema',
    changed((d) => Object.assign(d, { schemaVersion: 16 })),
    'schemaVersion: expected 41',
  ],
  [
    'consistent-settings',
    'no refresh',
    changed((d) => Object.assign(d, { refresh: '' })),
    'refresh: expected an interval such as 10s; seen ""',
  ],
  [
    'unique-names',
    'another file name',
    changed((d) => Object.assign(d, { uid: 'store' })),
    "uid: expected the file's name; seen store",
  ],
  [
    'unique-names',
    'one id twice',
    changed(({ panels }) => Object.assign(panels[1] ?? {}, { id: 1 })),
    '"Lines" panels[1].id: expected a id that no other panel of the dashboard has; seen 1, as panels[0]',
  ],
  [
    'unique-names',
    'one title twice',
    changed(({ panels }) => Object.assign(panels[1] ?? {}, { title: 'Requests' })),
    'panels[1].title: expected a title that no other',
  ],
  [
    'unique-names',
    'one refId twice',
    first(({ targets }) => targets.push({ ...targets[0] })),
    '"Requests" panels[0].targets[1].refId: expected each refId once',
  ],
  [
    'overlapping-panels',
    'one panel over another',
    changed(({ panels }) => Object.assign(panels[1]?.gridPos ?? {}, { x: 11 })),
    '"Lines" panels[1].gridPos: expected a place of its own on 24 columns; seen one over "Requests"',
  ],
  [
    'overlapping-panels',
    'a panel beyond the edge',
    changed(({ panels }) => Object.assign(panels[1]?.gridPos ?? {}, { w: 13 })),
    'seen columns 12 to 25',
  ],
  [
    'datasource-exists',
    'an unknown datasource',
    first(({ targets }) =>
      Object.assign(targets[0] ?? {}, { datasource: { type: 'prometheus', uid: 'prom' } }),
    ),
    '"Requests" panels[0].targets[0].datasource.uid: expected a datasource of provisioning/datasources.yaml: prometheus, loki, tempo; seen prom',
  ],
  [
    'datasource-exists',
    'a datasource of another type',
    first(({ targets }) =>
      Object.assign(targets[0] ?? {}, { datasource: { type: 'prometheus', uid: 'loki' } }),
    ),
    'seen loki as prometheus, which is of type loki',
  ],
  [
    'datasource-exists',
    'a variable that is none',
    first(({ targets }) =>
      Object.assign(targets[0] ?? {}, { datasource: { type: 'prometheus', uid: '$ds' } }),
    ),
    'seen $ds, which is no datasource variable',
  ],
  [
    'datasource-exists',
    'a variable with an unknown choice',
    changed(({ templating }) => Object.assign(templating.list[0] ?? {}, { current: { value: 'prom' } })),
    '"$metrics" templating.list[0].current.value: expected a datasource of type prometheus; seen prom',
  ],
  [
    'variable-exists',
    'an unknown variable',
    withQuery('sum by (app) (rate(http_requests_total{app=~"$shop"}[$__rate_interval]))'),
    '"Requests" panels[0].targets[0].expr: expected a variable of the dashboard: metrics, logs, app; seen $shop',
  ],
  [
    'panel-described',
    'no description',
    first((p) => Object.assign(p, { description: undefined })),
    '"Requests" panels[0].description: expected what the panel shows',
  ],
  [
    'panel-described',
    'a description of one word',
    first((p) => Object.assign(p, { description: 'Requests' })),
    'seen "Requests"',
  ],
  [
    'panel-described',
    'no thresholds',
    first((p) => Object.assign(p.fieldConfig.defaults, { thresholds: undefined })),
    '"Requests" panels[0].fieldConfig.defaults.thresholds: expected thresholds',
  ],
  [
    'panel-unit',
    'no unit',
    first((p) => Object.assign(p.fieldConfig.defaults, { unit: undefined })),
    '"Requests" panels[0].fieldConfig.defaults.unit: expected a unit',
  ],
  [
    'panel-unit',
    'a unit that Grafana has not',
    first((p) => Object.assign(p.fieldConfig.defaults, { unit: 'req/s' })),
    'seen req/s',
  ],
  [
    'target-legend',
    'no legend',
    withQuery('sum(rate(http_requests_total[$__rate_interval]))', ''),
    '"Requests" panels[0].targets[0].legendFormat: expected a legend by labels or a word; seen none',
  ],
  [
    'target-legend',
    'a label that the result has not',
    withQuery('sum by (app) (rate(http_requests_total[$__rate_interval]))', '{{route}}'),
    'legendFormat: expected labels of the result: app; seen route',
  ],
  [
    'target-legend',
    'one name for all series',
    withQuery('sum by (app) (rate(http_requests_total[$__rate_interval]))', 'requests'),
    'seen "requests" for all',
  ],
  [
    'query-parses',
    'a bracket too few',
    withQuery('sum by (app) (rate(http_requests_total[$__rate_interval])'),
    '"Requests" panels[0].targets[0].expr: expected a PromQL expression; seen sum by (app) (rate(http_requests_total[$__rate_interval]) (it stops at "")',
  ],
  [
    'query-parses',
    'LogQL without a selector',
    withLines('vector(1)'),
    '"Lines" panels[1].targets[0].expr: expected a LogQL expression with a stream selector',
  ],
  [
    'query-parses',
    'LogQL that breaks off',
    withLines('sum by (app) (rate({namespace="apps"} [$__auto])'),
    'it stops at',
  ],
  [
    'query-parses',
    'a variable of another form',
    changed(({ templating }) =>
      Object.assign(templating.list[2] ?? {}, { query: { query: 'metrics(http)' } }),
    ),
    '"$app" templating.list[2].query.query: expected label_values(selector, label); seen metrics(http)',
  ],
  [
    'query-parses',
    'a search for traces that asks nothing',
    first(({ targets }) =>
      Object.assign(targets[0] ?? {}, {
        datasource: { type: 'tempo', uid: 'tempo' },
        expr: undefined,
        query: '',
      }),
    ),
    '"Requests" panels[0].targets[0].query: expected a query; seen nothing',
  ],
  [
    'metric-exists',
    'a name with a letter too few',
    withQuery('sum by (app) (rate(http_requets_total[$__rate_interval]))'),
    'expected a metric of the table of signals; seen http_requets_total; try correct the name: http_requests_total',
  ],
  [
    'metric-exists',
    'a pattern that no name fits',
    withQuery('sum({__name__=~"shop_.+"})', 'all'),
    'seen shop_.+',
  ],
  [
    'label-exists',
    'a matcher of an unknown label',
    withQuery('sum by (app) (rate(http_requests_total{code="500"}[$__rate_interval]))'),
    'expected a label of http_requests_total: app, instance, job, method, namespace, pod, route, status; seen code',
  ],
  [
    'label-exists',
    'a grouping by an unknown label',
    withQuery('sum by (app, code) (rate(http_requests_total[$__rate_interval]))'),
    'seen code; try correct the label: everything falls into one group of an empty one',
  ],
  [
    'label-exists',
    'a grouping by a label that was summed away',
    withQuery('sum by (app) (sum by (route) (rate(http_requests_total[$__rate_interval])))'),
    'expected a label of what is grouped: route; seen app',
  ],
  [
    'label-exists',
    'a stream label that no stream has',
    withLines('sum by (app) (rate({service="a"} [$__auto]))'),
    '"Lines" panels[1].targets[0].expr: expected a label of a stream: namespace, app; seen service',
  ],
  [
    'label-exists',
    'a field that no line has',
    withLines('sum by (code) (rate({app="a"} | json [$__auto]))', '{{code}}'),
    'seen code',
  ],
  [
    'label-exists',
    'values of an unknown label',
    changed(({ templating }) =>
      Object.assign(templating.list[2] ?? {}, {
        query: { query: 'label_values(http_requests_total, shop)' },
      }),
    ),
    '"$app" templating.list[2].query.query: expected a label of http_requests_total',
  ],
  [
    'counter-without-rate',
    'a counter as it is',
    withQuery('sum by (app) (http_requests_total)'),
    'expected http_requests_total inside of rate() or increase(): it only grows; seen sum by (app) (http_requests_total)',
  ],
  [
    'counter-without-rate',
    'a bucket as it is',
    withQuery('histogram_quantile(0.9, sum by (app, le) (http_request_duration_seconds_bucket))'),
    'expected http_request_duration_seconds_bucket inside of rate()',
  ],
  [
    'rate-interval',
    'a window of two scrapes',
    withQuery('sum by (app) (rate(http_requests_total[20s]))'),
    'expected a window of 40 s at least: http_requests_total has a sample every 10 s; seen [20s]',
  ],
  [
    'rate-interval',
    'a window as narrow as a pixel',
    withQuery('sum by (app) (rate(http_requests_total[$__interval]))'),
    'seen $__interval, which may be shorter on a wide panel',
  ],
  [
    'rate-interval',
    'a step that is not the one of the job',
    withQuery('sum by (job) (rate(loki_lines_total[$__rate_interval]))', '{{job}}'),
    'expected a $__rate_interval of 120 s at least: loki_lines_total has a sample every 30 s; seen one made from 10 s; try give the target the least step that its metric has: "interval": "30s"',
  ],
  [
    'rate-interval',
    "a scrape's macro in a query of lines",
    withLines('sum by (app) (rate({app="a"} [$__rate_interval]))'),
    'seen $__rate_interval, which is about scrapes',
  ],
  [
    'link-leads-nowhere',
    'a runbook that is not there',
    first(({ links }) => Object.assign(links[0] ?? {}, { url: 'http://dev.local/runbooks/ShopUp' })),
    '"Requests" panels[0].links[0].url: expected a link to /runbooks/<alert>, /d/<dashboard> or /explore; seen the runbook ShopUp, which is not there',
  ],
  [
    'link-leads-nowhere',
    'a dashboard that is not there',
    changed(({ links }) => links.push({ title: 'x', url: '/d/store' })),
    'shop.json links[1].url: expected a link to',
  ],
  [
    'link-leads-nowhere',
    'a page of elsewhere',
    changed(({ links }) => links.push({ title: 'x', url: 'http://example.org/' })),
    'seen http://example.org/',
  ],
  [
    'link-leads-nowhere',
    'lines by an unknown label',
    first((p) => (p.fieldConfig.defaults.links = [{ title: 'Lines', url: explore('{service="a"}') }])),
    'panels[0].fieldConfig.defaults.links[0].url: expected a link to /runbooks/<alert>, /d/<dashboard> or /explore; seen service',
  ],
  [
    'link-leads-nowhere',
    'panes that are none',
    first((p) => (p.fieldConfig.defaults.links = [{ title: 'Lines', url: '/explore?panes=x' }])),
    'seen panes that are no JSON: x',
  ],
]

function explore(expr: string): string {
  const panes = { a: { datasource: `\${logs}`, queries: [{ refId: 'A', expr }] } }
  return `/explore?schemaVersion=1&panes=${encodeURIComponent(JSON.stringify(panes))}`
}
