import { alertRows } from './alert-rows.ts'
import type { ClaimRow } from './claim-row.ts'
import { counted, deliverable, need, scraped, stored } from './needs.ts'
import { outageRows } from './outage-rows.ts'

/** What people look at: whether it leads somewhere, whether it shows anything, and whether it shows a fault. */

const linked = need('dashboards.linked', 'a panel whose datasource is not there cannot be asked')
const alive = need('dashboards.panels-alive', 'a panel that shows nothing shows no fault')

/** They make what panels have to show, and queries of all panels at once take the cores from whoever times a fault. */
const faults = [...alertRows, ...outageRows].map(({ id }) => id)

export const dashboardRows: readonly ClaimRow[] = [
  {
    id: 'dashboards.linked',
    layer: 'dashboards',
    title: 'every datasource, variable and runbook that a dashboard names is there',
    needs: [scraped],
    // It asks the frontend for pages that nobody else counts.
    after: ['metrics.counted-once', 'logs.counted-once', 'traces.counted-once'],
    remedy:
      'look at the datasource, the variable or the link that is named, and at provisioning/datasources.yaml',
  },
  {
    id: 'dashboards.panels-alive',
    layer: 'dashboards',
    title: 'every panel of every dashboard shows data, or is stated to be empty while all is well',
    needs: [linked, stored],
    after: faults,
    remedy:
      'run the query of the panel that is named by hand; panels.json has what was sent and what came back',
  },
  {
    id: 'dashboards.fault-shows',
    layer: 'dashboards',
    title: 'panels about errors go up while an app fails',
    needs: [alive, counted, deliverable],
    after: faults,
    requires: ['app-faults', 'sole-traffic', 'notifications'],
    changes: 'requests of two apps are made to fail, as for the alerts about them',
    remedy: 'compare what the query of the panel that is named selects with the labels of the counter',
  },
  {
    id: 'dashboards.grafana-healthy',
    layer: 'dashboards',
    title: 'Grafana is healthy, reaches every datasource, and has every dashboard from its file',
    needs: [linked],
    requires: ['grafana'],
    remedy: 'look at the log of grafana, and at its provisioning folders',
  },
  {
    id: 'dashboards.grafana-agrees',
    layer: 'dashboards',
    title: 'what Grafana makes of every query, and what it answers, is what was found without it',
    needs: [
      alive,
      need('dashboards.grafana-healthy', 'a datasource that Grafana cannot reach answers nothing'),
    ],
    requires: ['grafana'],
    remedy: 'compare the query that Grafana has sent with the one in panels.json',
  },
]
