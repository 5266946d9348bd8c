import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadConfig } from '../../config/load-config.ts'
import { type LintName, lintNames, writeFinding } from './finding.ts'
import { lintDashboards } from './lint-dashboards.ts'
import {
  type DashboardDouble,
  dashboardDouble,
  fileDouble,
  panelDouble,
  surroundingsDouble,
} from './lint-doubles.ts'
import { withoutExceptions } from './lint-exceptions.ts'
import { dashboardFiles, lintFindings } from './lint-project.ts'
import { withLines, withQuery, wrongDashboards } from './wrong-dashboards-double.ts'

const project = await loadConfig(fileURLToPath(new URL('../../..', import.meta.url)))

const written = (dashboard: unknown, ...more: unknown[]) =>
  lintDashboards(
    [fileDouble(dashboard), ...more.map((other) => fileDouble(other, (other as DashboardDouble).uid))],
    surroundingsDouble(),
  ).map(writeFinding)

test('a dashboard as it should be has no findings, and neither have ours', () => {
  expect(written(dashboardDouble())).toEqual([])
  expect(dashboardFiles(project.root).files.length).toBeGreaterThanOrEqual(3)
  expect(lintFindings(project).map(writeFinding)).toEqual([])
})

test.each(wrongDashboards)('%s: %s', (lint, _, dashboard, said) => {
  const found = written(dashboard)
  expect(found.filter((line) => line.endsWith(`(${lint})`)).join('\n')).toContain(said)
})

test('each lint has a case in which it says something', () => {
  const elsewhere: readonly LintName[] = ['provisioning', 'unused-exception']
  const shown = new Set([...wrongDashboards.map(([lint]) => lint), ...elsewhere])
  expect(lintNames.filter((name) => !shown.has(name))).toEqual([])
})

test('two dashboards by one name are told', () => {
  const found = lintDashboards(
    [fileDouble(dashboardDouble()), fileDouble({ ...dashboardDouble(), uid: 'store' }, 'store')],
    surroundingsDouble(),
  )
  expect(found.map(writeFinding)).toEqual([
    expect.stringMatching(
      /^dashboards\/grafana\/store.json title: expected a title that no other dashboard has; seen Shop, as dashboards\/grafana\/shop.json/,
    ),
  ])
})

test('what is right is let be', () => {
  const right = [
    withQuery('sum by (app) (rate(http_requests_total[1m]))'),
    withQuery('sum by (job) (rate(loki_lines_total[$__rate_interval]))', '{{job}}', { interval: '30s' }),
    withQuery(
      'label_replace(sum by (app) (rate(http_requests_total[$__range])), "who", "$1", "app", "(.*)")',
      '{{who}}',
    ),
    withQuery('count by (app) (http_requests_total)'),
    withQuery('max by (slo) (shop:errors:ratio)', '{{slo}}'),
    withQuery(
      'count by (alertname, slo, severity) (ALERTS{alertstate="firing"})',
      '{{alertname}} {{slo}} {{severity}}',
    ),
    withQuery('sum(loki_streams)', 'streams', { interval: '30s' }),
    withQuery(
      'sum by (app) (rate(http_requests_total[$__rate_interval])) or 0 * sum by (app, route) (rate(http_requests_total[$__rate_interval]))',
    ),
    withQuery('max by (job) (up)', '{{job}}'),
    withLines(
      'sum by (app, code) (count_over_time({app="a"} | json code="status" [5m]))',
      '{{app}} {{code}}',
    ),
  ]
  expect(right.map((dashboard) => written(dashboard))).toEqual(right.map(() => []))
})

test('an exception takes its finding away, and one that is for nothing is told', () => {
  const dashboard = withQuery('sum by (app) (http_requests_total)')
  const findings = lintDashboards([fileDouble(dashboard)], surroundingsDouble())
  const exception = {
    lint: 'counter-without-rate',
    dashboard: 'shop',
    panel: 'Requests',
    because: 'the count is meant',
  } as const
  expect(findings.length).toBe(1)
  expect(withoutExceptions(findings, [exception])).toEqual([])
  expect(withoutExceptions(findings, [{ ...exception, panel: 'Lines' }]).map(writeFinding)).toEqual([
    ...findings.map(writeFinding),
    expect.stringMatching(
      /expected something that counter-without-rate says of "Lines" in shop; seen nothing.*\(unused-exception\)/,
    ),
  ])
})

test('a panel over several rows of places is told of once', () => {
  const dashboard = dashboardDouble()
  dashboard.panels.push({
    ...panelDouble(3, 'More', 'prometheus', `\${metrics}`, dashboard.panels[0]?.targets[0] ?? {}),
    gridPos: { h: 8, w: 24, x: 0, y: 7 },
  })
  expect(written(dashboard).length).toBe(1)
})
