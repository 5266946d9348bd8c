import type { ClaimRow } from './claim-row.ts'
import { faultAgrees, led, need, reached, ready, rolledOut, stored } from './needs.ts'

/** Platform, metrics and logs: what has to be true before an alert can be. */
export const signalRows: readonly ClaimRow[] = [
  {
    id: 'platform.components-ready',
    layer: 'platform',
    title: 'every component is ready',
    needs: [rolledOut],
    remedy: 'look at the log of the component that is named',
  },
  {
    id: 'platform.ingress-routes',
    layer: 'platform',
    title: 'the ingress takes each route to its own app, and no request for another host',
    needs: [ready, led],
    requires: ['traffic'],
    changes: 'requests to every app through the ingress, as signalproof.config.ts lists them',
    remedy: 'look at manifests/ingress/ingress.yaml and the log of traefik',
  },
  {
    id: 'platform.fault-switches-hidden',
    layer: 'platform',
    title: 'no fault switch answers without its token, and none is behind the ingress',
    needs: [reached],
    requires: ['traffic', 'app-faults'],
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
    requires: ['traffic', 'sole-traffic'],
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
    requires: ['traffic'],
    remedy:
      'look at the collector: `include`, its log, otelcol_exporter_send_failed_log_records; at Loki: otlp_config',
  },
  {
    id: 'logs.counted-once',
    layer: 'logs',
    title: 'client, app and Loki count every request exactly once, by method, route and status',
    needs: [stored],
    requires: ['traffic', 'sole-traffic'],
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
    // They ask for every answer once, through the frontend too: it would take one of the failures, and say nothing of it.
    after: ['metrics.counted-once', 'logs.counted-once', 'traces.followed'],
    requires: ['app-faults', 'sole-traffic'],
    changes: 'six requests of one app are made to fail, then one alert is raised for it',
    remedy: 'the app does not say what it does: compare its answers, its /metrics and its log',
  },
  {
    id: 'logs.fault-stored',
    layer: 'logs',
    title: 'Loki holds exactly the failing lines, with the right app, route and status',
    needs: [faultAgrees, stored],
    remedy: 'compare the request ids in the app\'s log with {app="…"} in Loki',
  },
]
