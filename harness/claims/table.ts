import type { ClaimRow, Need } from './claim-row.ts'

/**
 * The table of claims. Its order is the order of the chain: the first broken row is the answer of a run. Suites, the
 * timeline, the report and the drill refer to these ids.
 */

const need = (id: string, because: string): Need => ({ id, because })

const ready = need('platform.components-ready', 'nothing can be asked of a stack that does not run')
const reached = need('platform.ingress-routes', 'no request reaches the apps otherwise')
const stored = need('logs.stored', 'nothing about log lines can be judged when none arrives')
const deliverable = need(
  'alerts.deliverable',
  'an alert that its own configuration never delivers would be waited for in vain',
)
const faultAgrees = need(
  'logs.fault-agrees',
  'telemetry is compared with the fault, so the fault itself has to be certain',
)

export const claimRows: readonly ClaimRow[] = [
  {
    id: 'platform.components-ready',
    layer: 'platform',
    title: 'every component is ready',
    needs: [],
    remedy: 'look at the log of the component that is named',
  },
  {
    id: 'platform.ingress-routes',
    layer: 'platform',
    title: 'the ingress takes each route to its own app, and no request for another host',
    needs: [ready],
    remedy: 'look at manifests/ingress/ingress.yaml and the log of traefik',
  },
  {
    id: 'platform.fault-switches-hidden',
    layer: 'platform',
    title: 'no fault switch answers without its token, and none is behind the ingress',
    needs: [reached],
    remedy: 'look at FAULT_SWITCH_ADDRESS of the app: it must not be an address of the ingress',
  },
  {
    id: 'metrics.targets-up',
    layer: 'metrics',
    title: 'Prometheus scrapes exactly the expected targets, each within its interval',
    needs: [ready],
    remedy: 'look at /targets of Prometheus and at scrape_configs',
  },
  {
    id: 'metrics.series-start-at-zero',
    layer: 'metrics',
    title: 'every answer that an app can give is counted before it is first given',
    needs: [need('metrics.targets-up', 'an app that is not scraped has no series')],
    remedy:
      'initialise the counter for every route × status when the app starts: a counter born at its first error hides it',
  },
  {
    id: 'metrics.counted-once',
    layer: 'metrics',
    title: 'client, app and Prometheus count every request exactly once, by method, route and status',
    needs: [need('metrics.targets-up', 'an app that is not scraped is not counted'), reached],
    remedy:
      "compare the app's /metrics with the series in Prometheus; look for a second target of the same app",
  },
  {
    id: 'metrics.rules-on-time',
    layer: 'metrics',
    title: 'Prometheus has loaded every metric rule, and each is healthy and evaluated on time',
    needs: [ready],
    remedy: 'look at /rules of Prometheus and at rule_files',
  },
  {
    id: 'metrics.rule-selects-live-series',
    layer: 'metrics',
    title: 'the deployed page rule selects series that exist',
    needs: [
      need('metrics.rules-on-time', 'the rule has to be loaded to be read'),
      need('metrics.series-start-at-zero', 'without series there is nothing to select'),
    ],
    remedy: "run the rule's selectors by hand in Prometheus",
  },
  {
    id: 'logs.stored',
    layer: 'logs',
    title: 'a line with a unique id is stored once, with exactly the stream labels that are expected',
    needs: [reached],
    remedy:
      'look at the collector: `include`, its log, otelcol_exporter_send_failed_log_records; at Loki: otlp_config',
  },
  {
    id: 'logs.counted-once',
    layer: 'logs',
    title: 'client, app and Loki count every request exactly once, by method, route and status',
    needs: [stored],
    remedy: 'compare the app\'s log file with {app="…"} in Loki; look at loki_discarded_samples_total',
  },
  {
    id: 'logs.ruler-on-time',
    layer: 'logs',
    title: "Loki's ruler has loaded every log rule, and each is healthy and evaluated on time",
    needs: [ready],
    remedy: 'look at /prometheus/api/v1/rules of Loki, at ruler.storage and its log',
  },
  {
    id: 'logs.rule-selects-live-streams',
    layer: 'logs',
    title: 'every selector of the deployed log rules matches streams that exist',
    needs: [need('logs.ruler-on-time', 'the rules have to be loaded to be read'), stored],
    remedy: "compare the rule's stream selector with the labels that Loki has: /loki/api/v1/series",
  },
  {
    id: 'logs.fault-agrees',
    layer: 'logs',
    title:
      'what the client got, what the fault switch says, what the app counted and what it logged agree exactly',
    needs: [reached],
    remedy: 'the app does not say what it does: compare its answers, its /metrics and its log',
  },
  {
    id: 'logs.fault-stored',
    layer: 'logs',
    title: 'Loki holds exactly the failing lines, with the right app, route and status',
    needs: [faultAgrees, stored],
    remedy: 'compare the request ids in the app\'s log with {app="…"} in Loki',
  },
  {
    id: 'alerts.deliverable',
    layer: 'alerts',
    title: 'every alert on a window can be delivered before a burst has left its window',
    needs: [ready],
    remedy: 'shorten the dominating setting, or widen the window: window − ceil(for/E)·E > group_wait + E',
  },
  {
    id: 'alerts.within-promise',
    layer: 'alerts',
    title: 'the computed worst case keeps every promise, in this profile and in production',
    needs: [need('alerts.deliverable', 'an alert that is never delivered has no delivery time')],
    remedy: 'shorten the dominating setting, or promise what the configuration can keep',
  },
  {
    id: 'alerts.page-covers-ticket',
    layer: 'alerts',
    title:
      "by their timings, an app's page is there before its ticket would go out, and stays until the ticket is over",
    needs: [ready],
    remedy: "lengthen the ticket's group_wait or the page's keep_firing_for",
  },
  {
    id: 'alerts.baseline-quiet',
    layer: 'alerts',
    title: 'while all is well only the alerts that always fire are there, and the Watchdog is delivered',
    needs: [ready],
    remedy: 'an alert fires or is pending without a fault: look at its expression',
  },
  {
    id: 'alerts.silent-below',
    layer: 'alerts',
    title: 'LogsErrorBurst stays silent at 5 errors, and none is pending',
    needs: [
      need('logs.fault-stored', 'silence about lines that never arrived says nothing'),
      need('logs.rule-selects-live-streams', 'a rule that selects nothing is always silent'),
      deliverable,
    ],
    remedy: "look at the rule's threshold, and at lines that are counted twice",
  },
  {
    id: 'alerts.fires',
    layer: 'alerts',
    title: 'LogsErrorBurst fires at the 6th error, with the app and the route of the fault',
    needs: [
      need('logs.fault-stored', 'the rule cannot see lines that are not stored'),
      need('logs.rule-selects-live-streams', 'a rule that selects nothing never fires'),
      deliverable,
    ],
    remedy: "run the rule's expression by hand in Loki at the time of the fault",
  },
  {
    id: 'alerts.received',
    layer: 'alerts',
    title: 'Alertmanager has the ticket that the ruler fires',
    needs: [need('alerts.fires', 'an alert that does not fire is not sent')],
    remedy: "check the ruler's alertmanager_url and loki_prometheus_notifications_errors_total",
  },
  {
    id: 'alerts.delivered',
    layer: 'alerts',
    title: 'exactly one ticket arrives at the right receiver, in time',
    needs: [need('alerts.received', 'Alertmanager cannot deliver what it does not have')],
    remedy: "check the route's receiver, its url and alertmanager_notifications_failed_total",
  },
  {
    id: 'alerts.leads-to-evidence',
    layer: 'alerts',
    title:
      "the delivered ticket's log query returns exactly the failing lines, and its links name the app and the route",
    needs: [need('alerts.delivered', 'the query is taken from the delivered notification')],
    remedy: "look at the rule's annotations",
  },
  {
    id: 'alerts.resolved',
    layer: 'alerts',
    title: 'the ticket is resolved once, after the burst has left the window',
    needs: [need('alerts.delivered', 'what was never delivered is not resolved')],
    remedy: 'check send_resolved and group_interval',
  },
  {
    id: 'alerts.page-delivered',
    layer: 'alerts',
    title: 'sustained errors page: one notification, at the page receiver, in time',
    needs: [
      need('metrics.counted-once', 'the page is judged on counters'),
      need('metrics.rule-selects-live-series', 'a rule that selects nothing never fires'),
      deliverable,
    ],
    remedy: "run the page rule's expression by hand in Prometheus; check Prometheus' alertmanagers",
  },
  {
    id: 'alerts.ticket-inhibited',
    layer: 'alerts',
    title: "the paged app's ticket fires, is inhibited by the page and is never delivered",
    needs: [
      need('alerts.page-delivered', 'only a page can inhibit the ticket'),
      need('logs.rule-selects-live-streams', 'a ticket that cannot fire cannot be inhibited'),
    ],
    remedy: 'look at inhibit_rules: `equal` has to name labels that both alerts carry',
  },
  {
    id: 'alerts.page-resolved',
    layer: 'alerts',
    title: 'the page is resolved once, after the errors have ended',
    needs: [need('alerts.page-delivered', 'what was never delivered is not resolved')],
    remedy: 'check keep_firing_for, send_resolved and group_interval',
  },
  {
    id: 'alerts.one-incident-one-notification',
    layer: 'alerts',
    title: '12 routes of one app that fail at once are one notification that names them all, and one resolve',
    needs: [
      need('logs.rule-selects-live-streams', 'a rule that selects nothing never fires'),
      need('alerts.page-covers-ticket', 'a ticket that cannot wait for its group is split'),
      deliverable,
    ],
    remedy: 'look at group_by: it must not name route or pod',
  },
  {
    id: 'alerts.exact-set',
    layer: 'alerts',
    title: 'no alert but the expected ones fired or was pending, from the baseline to the end',
    needs: [
      need('alerts.baseline-quiet', 'an alert that fires without a fault would be blamed on one'),
      need('alerts.resolved', 'the set is complete once the tickets are over'),
      need('alerts.page-resolved', 'the set is complete once the pages are over'),
      need(
        'alerts.one-incident-one-notification',
        'the set is complete once the incident of 12 routes is over',
      ),
    ],
    remedy: 'look at the alert that is named: which fault raised it, and should it?',
  },
]
