/**
 * One way to break the stack for every claim, by `--set`: with it, exactly that claim has to be the first that is
 * broken. A claim without a mutant that turns it red could be a claim that cannot fail.
 */
export interface Mutant {
  /** What is wrong, in words. */
  readonly name: string
  readonly set: readonly string[]
  /** The claim that has to be named. */
  readonly breaks: string
}

const page = 'metric-rules:groups.app-errors.rules.AppErrorRatioHigh'
const ticket = 'log-rules:groups.log-errors.rules.LogsErrorBurst'
const scraping = 'metric-rules:groups.scraping.rules'
const telemetry = 'metric-rules:groups.telemetry.rules'
const apps = 'prometheus:scrape_configs.apps'
const ingressPaths = 'ingress:spec.rules.0.http.paths'
const appPanels = 'dashboards:app-latency.panels'
const nobody = 'http://127.0.0.1:1/'

const backend = (path: string, service: string) => `{path: ${path}, backend: {service: {name: ${service}}}}`
const burst = (selector: string, threshold: number) =>
  `'sum by (namespace, app, route) (count_over_time({${selector}} | json status="status", route="route" | __error__="" | status=~"5.." [6s])) > ${threshold}'`
const keepLine = '{type: container, id: cri}'

export const mutants: readonly Mutant[] = [
  {
    name: "the ingress sends one app's route to another app",
    set: [
      `${ingressPaths}=[${backend('/v1', 'available-schedules-go')}, ${backend('/v2', 'available-schedules-go')}, ${backend('/', 'frontend')}]`,
    ],
    breaks: 'platform.ingress-routes',
  },
  {
    name: 'a fault switch is behind the ingress',
    set: [
      `${ingressPaths}=[${backend('/v1', 'available-schedules-python')}, ${backend('/v2', 'available-schedules-go')}, ${backend('/faults', 'available-schedules-go-admin')}, ${backend('/', 'frontend')}]`,
    ],
    breaks: 'platform.fault-switches-hidden',
  },
  {
    name: 'the scrape port of an app is wrong',
    set: ['targets:available-schedules-python.0.targets=["127.0.0.1:1"]'],
    breaks: 'metrics.targets-up',
  },
  {
    name: 'the series of a status that never happened is dropped',
    set: [`${apps}.metric_relabel_configs=[{source_labels: [status], regex: "503", action: drop}]`],
    breaks: 'metrics.series-start-at-zero',
  },
  {
    name: 'requests of one method are not stored',
    set: [`${apps}.metric_relabel_configs=[{source_labels: [method], regex: POST, action: drop}]`],
    breaks: 'metrics.counted-once',
  },
  { name: 'Prometheus reads no rules', set: ['prometheus:rule_files=[]'], breaks: 'metrics.rules-on-time' },
  {
    name: 'the page rule selects a namespace that is not there',
    set: [
      `${page}.expr='sum by (namespace, app) (rate(http_requests_total{namespace="app", status=~"5.."}[4s])) > 0.10'`,
    ],
    breaks: 'metrics.rule-selects-live-series',
  },
  {
    name: 'the collector reads another folder',
    set: ['collector:receivers.file_log.include=["/nowhere/*.log"]'],
    breaks: 'logs.stored',
  },
  {
    name: 'the collector drops some lines',
    set: [
      `collector:receivers.file_log.operators=[${keepLine}, {type: filter, expr: 'body contains "\\"method\\":\\"POST\\""'}]`,
    ],
    breaks: 'logs.counted-once',
  },
  { name: 'the ruler has no rules', set: ['log-rules:groups=[]'], breaks: 'logs.ruler-on-time' },
  {
    name: "the log rule's stream label is wrong",
    set: [`${ticket}.expr=${burst('namespace="app"', 5)}`],
    breaks: 'logs.rule-selects-live-streams',
  },
  {
    name: 'an app logs 200 for its 500s',
    set: ['fault-switch:logged_status=200'],
    breaks: 'logs.fault-agrees',
  },
  {
    name: 'the collector drops the failing lines',
    set: [
      `collector:receivers.file_log.operators=[${keepLine}, {type: filter, expr: 'body contains "\\"status\\":500"'}]`,
    ],
    breaks: 'logs.fault-stored',
  },
  {
    name: 'the collector sends spans to a closed port',
    set: [`collector:exporters.otlp_http/tempo.endpoint=${nobody}`],
    breaks: 'traces.followed',
  },
  {
    name: 'the spans of the collector lead nowhere',
    set: ['collector:exporters.debug={}', 'collector:service.pipelines.traces.exporters=[debug]'],
    breaks: 'traces.followed',
  },
  {
    name: 'the frontend propagates no trace',
    set: ['apps:frontend.OTEL_PROPAGATORS=none'],
    breaks: 'traces.followed',
  },
  {
    name: 'an app begins a trace of its own for every request',
    set: ['apps:available-schedules-go.OTEL_PROPAGATORS=none'],
    breaks: 'traces.followed',
  },
  {
    name: 'Tempo refuses every search',
    set: ['tempo:query_frontend.search={max_duration: 1ms}'],
    breaks: 'traces.searchable',
  },
  {
    name: "the collector takes the trace's id out of every line",
    set: [
      `collector:receivers.file_log.operators=[${keepLine}, {type: add, field: body, value: 'EXPR(replace(body, "trace_id", "trace"))'}]`,
    ],
    breaks: 'traces.logs-linked',
  },
  {
    name: 'the apps are scraped in a format that has no exemplars',
    set: [`${apps}.scrape_protocols=[PrometheusText0.0.4]`],
    breaks: 'traces.exemplar-leads-to-trace',
  },
  {
    name: 'the collector forgives every failure',
    set: [
      `collector:processors.transform/forgiving={trace_statements: [{context: span, statements: ['set(status.code, STATUS_CODE_UNSET)']}]}`,
      'collector:service.pipelines.traces.processors=[memory_limiter, transform/forgiving]',
    ],
    breaks: 'traces.failure-marked',
  },
  {
    name: 'the collector sends every span twice',
    set: [
      'collector:service.pipelines.traces/again={receivers: [otlp], processors: [], exporters: [otlp_http/tempo]}',
    ],
    breaks: 'traces.counted-once',
  },
  { name: '`for` is longer than any burst', set: [`${ticket}.for=1h`], breaks: 'alerts.deliverable' },
  {
    name: 'tickets wait for their group longer than promised',
    set: ['alertmanager:route.routes.ticket.group_wait=3s'],
    breaks: 'alerts.within-promise',
  },
  {
    name: 'the page clears before its ticket is over',
    set: [`${page}.keep_firing_for=1s`],
    breaks: 'alerts.page-covers-ticket',
  },
  {
    name: 'an alert fires although all is well',
    set: [`${page}.expr='up{job="apps"} == 1'`],
    breaks: 'alerts.baseline-quiet',
  },
  {
    name: 'the ticket fires one error too early',
    set: [`${ticket}.expr=${burst('namespace="apps"', 4)}`],
    breaks: 'alerts.silent-below',
  },
  {
    name: 'the ticket fires one error too late',
    set: [`${ticket}.expr=${burst('namespace="apps"', 6)}`],
    breaks: 'alerts.fires',
  },
  {
    name: 'the ruler sends to a closed port',
    set: [`loki:ruler.alertmanager_url=${nobody}`],
    breaks: 'alerts.received',
  },
  {
    name: "the ticket receiver's URL is wrong",
    set: [`alertmanager:receivers.ticket.webhook_configs.0.url=${nobody}`],
    breaks: 'alerts.delivered',
  },
  {
    name: "the ticket's log query returns other lines",
    set: [`${ticket}.annotations.log_query='{namespace="apps", app="{{ $labels.app }}"}'`],
    breaks: 'alerts.leads-to-evidence',
  },
  {
    name: 'tickets are not told when they are over',
    set: ['alertmanager:receivers.ticket.webhook_configs.0.send_resolved=false'],
    breaks: 'alerts.resolved',
  },
  {
    name: "the page receiver's URL is wrong",
    set: [`alertmanager:receivers.page.webhook_configs.0.url=${nobody}`],
    breaks: 'alerts.page-delivered',
  },
  {
    name: 'nothing inhibits tickets',
    set: ['alertmanager:inhibit_rules=[]'],
    breaks: 'alerts.ticket-inhibited',
  },
  {
    name: 'pages are not told when they are over',
    set: ['alertmanager:receivers.page.webhook_configs.0.send_resolved=false'],
    breaks: 'alerts.page-resolved',
  },
  {
    name: 'notifications are grouped by route',
    set: ['alertmanager:route.group_by=[alertname, namespace, app, job, route]'],
    breaks: 'alerts.one-incident-one-notification',
  },
  {
    name: 'another alert fires along with the fault',
    set: [`metric-rules:groups.scraping.rules.TargetDown.expr='sum(http_requests_total{status="500"}) > 0'`],
    breaks: 'alerts.exact-set',
  },
  {
    name: 'nobody is told that errors were over before they came back',
    set: ['alertmanager:receivers.ticket.webhook_configs.0.send_resolved=false'],
    breaks: 'alerts.refires',
  },
  {
    name: "the histogram has no bucket at the latency rule's threshold",
    set: [`${apps}.metric_relabel_configs=[{source_labels: [le], regex: "0.3", action: drop}]`],
    breaks: 'alerts.slow-route',
  },
  {
    name: 'only targets of the stack itself are missed',
    set: [`${scraping}.TargetDown.expr='up{job!="apps"} == 0'`],
    breaks: 'alerts.hung-app',
  },
  {
    name: 'an app is forgotten in the rule about missing targets',
    set: [`${scraping}.AppScrapeMissing.expr='absent(up{job="apps", app="frontend"})'`],
    breaks: 'alerts.lost-target',
  },
  {
    name: "failing rules of Loki's ruler are not looked at",
    set: [
      `${telemetry}.RuleEvaluationFailing.expr='increase(prometheus_rule_evaluation_failures_total[6s]) > 2'`,
    ],
    breaks: 'alerts.blinded-rule',
  },
  {
    name: 'notifications of the wrong ruler are looked at',
    set: [`${telemetry}.RulerNotifyFailing.expr='increase(prometheus_notifications_errors_total[5s]) > 0'`],
    breaks: 'alerts.ruler-cut-off',
  },
  {
    name: 'the collector forgets how far it has read',
    set: ['collector:receivers.file_log.storage=null'],
    breaks: 'alerts.replaced-collector',
  },
  {
    name: 'only lines that the collector gave up on count as not sent',
    set: [
      `${telemetry}.CollectorSendFailing.expr='increase(otelcol_exporter_send_failed_log_records[5s]) > 0'`,
    ],
    breaks: 'alerts.collector-cut-off',
  },
  {
    name: 'nothing mutes the silence that a broken collector causes',
    set: ['alertmanager:inhibit_rules=[]'],
    breaks: 'alerts.cause-mutes-silence',
  },
  {
    name: 'the collector gives lines up after a second',
    set: ['collector:exporters.otlp_http/loki.retry_on_failure.max_elapsed_time=1s'],
    breaks: 'alerts.cut-off-loses-no-line',
  },
  {
    name: 'silence is looked for as a count of 0, which streams that are gone never have',
    set: [
      `log-rules:groups.log-pipeline.rules.LogPipelineSilent.expr='sum by (namespace) (count_over_time({namespace="apps"}[6s])) == 0'`,
    ],
    breaks: 'alerts.held-logs',
  },
  {
    name: 'the deadman is not told that a watchdog has ended',
    set: ['alertmanager:receivers.deadman.webhook_configs.0.send_resolved=false'],
    breaks: 'alerts.deadman-hears',
  },
  {
    name: 'a ticket stays although its cause is gone',
    set: [
      `${scraping}.AppScrapeMissing.expr='absent(up{job="apps", namespace="apps", app="available-schedules-python"}) or sum by (job, namespace, app) (ALERTS_FOR_STATE{alertname="AppScrapeMissing"})'`,
    ],
    breaks: 'alerts.every-alert',
  },
  {
    name: 'another alert fires along with an outage',
    set: [
      `${scraping}.Watchdog.expr='vector(1) or absent(up{job="apps", app="available-schedules-python"})'`,
    ],
    breaks: 'alerts.exact-set-of-outages',
  },
  {
    name: 'one incident is told in two parts',
    set: [
      `${telemetry}.RuleEvaluationFailing.expr='sum by (job, group) (label_replace(increase(loki_prometheus_rule_evaluation_failures_total[6s]), "group", "$1", "rule_group", ".*;(.*)")) > 2 or label_replace(count_over_time(ALERTS{alertname="RuleEvaluationFailing", alertstate="firing", job="loki"}[10s]) > 8, "part", "again", "", "")'`,
    ],
    breaks: 'alerts.noise',
  },
  {
    name: 'a panel asks a datasource that is not there',
    set: [`${appPanels}.Requests per second.targets.A.datasource.uid=prom`],
    breaks: 'dashboards.linked',
  },
  {
    name: 'a datasource has another uid than the dashboards were saved with',
    set: ['datasources:datasources.Loki.uid=logs'],
    breaks: 'dashboards.linked',
  },
  {
    name: 'a panel asks for a metric whose name is mistyped',
    set: [
      `${appPanels}.Requests per second.targets.A.expr='sum by (app, route) (rate(http_requets_total{namespace="apps"}[$__rate_interval]))'`,
    ],
    breaks: 'dashboards.panels-alive',
  },
  {
    name: 'a panel about errors looks for a status that no answer has',
    set: [
      `${appPanels}.Share of server errors.targets.A.expr='(sum by (app) (rate(http_requests_total{status=~"6.."}[$__rate_interval])) or 0 * sum by (app) (rate(http_requests_total[$__rate_interval]))) / sum by (app) (rate(http_requests_total[$__rate_interval]))'`,
    ],
    breaks: 'dashboards.fault-shows',
  },
]
