import { expect, test } from 'vitest'
import { writeFinding } from './finding.ts'
import { lintAlertLinks } from './lint-alert-links.ts'
import { dashboardDouble } from './lint-doubles.ts'

const found = (url: string) => {
  const rule = { alert: 'ShopDown', annotations: { dashboard_url: `http://dev.local/grafana/d/${url}` } }
  const document = { groups: [{ rules: [{ record: 'a:b' }, rule] }] }
  const { uid, templating } = dashboardDouble()
  return lintAlertLinks(
    [{ file: 'alerts/metrics/shop.yaml', document }],
    [{ uid, templating } as unknown as Parameters<typeof lintAlertLinks>[1][number]],
  ).map(writeFinding)
}

test('an alert that leads to a dashboard that is there, with a variable that it has, is let be', () => {
  expect(found('shop')).toEqual([])
  expect(found('shop?var-app={{ $labels.app }}')).toEqual([])
})

test('an alert that leads to no dashboard, or asks for a variable that it has not, is told by its place', () => {
  expect(found('store')).toEqual([
    'alerts/metrics/shop.yaml "ShopDown" groups[0].rules[1].annotations.dashboard_url: expected a dashboard: shop; seen store; try correct the link: whoever is told of the alert follows it (link-leads-nowhere)',
  ])
  expect(found('shop?var-app=a&var-pod=b')).toEqual([
    expect.stringContaining('expected a variable of shop: metrics, logs, app; seen pod;'),
  ])
})
