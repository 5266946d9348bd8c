import { defineConfig } from './harness/config/config-schema.ts'

/** Two schedule APIs and their frontend, what is watched about them, and what we promise to notice in which time. */

const schedule = (version: string) => `/${version}/appoints/available-schedule`

function scheduleApi(name: string, version: string) {
  const route = schedule(version)
  const query = (professional: string, start: string, end: string) =>
    `${route}?professional_id=${professional}&start=${start}&end=${end}`
  return {
    name,
    namespace: 'apps',
    faultRoute: route,
    good: [
      { path: query('ana-duarte', '2026-11-23', '2026-11-24'), route, status: 200 },
      { path: query('joao-simoes', '2026-11-25', '2026-11-27'), route, status: 200 },
    ],
    otherAnswers: [
      { path: `${route}?start=2026-11-23&end=2026-11-24`, route, status: 400 },
      { path: query('nobody', '2026-11-23', '2026-11-24'), route, status: 404 },
      { path: `/${version}/appoints/nothing-here`, route: '<unmatched>', status: 404 },
      { method: 'POST' as const, path: route, route, status: 405 },
    ],
    faultStatuses: [500, 502, 503, 504],
  }
}

const frontend = {
  name: 'frontend',
  namespace: 'apps',
  good: [
    {
      path: '/',
      route: '/',
      status: 200,
      causes: [
        { app: 'available-schedules-python', route: schedule('v1'), status: 200 },
        { app: 'available-schedules-go', route: schedule('v2'), status: 200 },
      ],
    },
  ],
  otherAnswers: [],
  faultStatuses: [],
}

export default defineConfig({
  ingress: { host: 'dev.local' },
  sources: { alerts: 'alerts', manifests: 'manifests' },
  apps: [
    scheduleApi('available-schedules-python', 'v1'),
    scheduleApi('available-schedules-go', 'v2'),
    frontend,
  ],
  scrapedJobs: ['prometheus', 'loki', 'tempo', 'alertmanager', 'collector', 'ingress', 'alert-receiver'],
  metrics: {
    requestsCounter: 'http_requests_total',
    durationHistogram: 'http_request_duration_seconds',
    durationEdgesSeconds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5],
  },
  logs: {
    streamLabels: ['namespace', 'app', 'pod', 'container'],
    namespace: 'apps',
    fields: { status: 'status', route: 'route', requestId: 'request_id', method: 'method' },
  },
  traces: {
    serviceAttribute: 'service.name',
    logFields: { traceId: 'trace_id', spanId: 'span_id' },
    exemplarLabel: 'trace_id',
    counters: {
      ended: 'otel_spans_ended_total',
      exported: 'otel_spans_exported_total',
      dropped: 'otel_spans_dropped_total',
    },
    collectorExporter: 'otlp_http/tempo',
  },
  alerts: {
    logBurst: 'LogsErrorBurst',
    page: 'AppErrorRatioHigh',
    watchdogs: { metrics: 'Watchdog', logs: 'LogsWatchdog' },
    receivers: { page: 'page', ticket: 'ticket', deadman: 'deadman' },
    stack: {
      slowRoute: 'AppLatencyHigh',
      targetDown: 'TargetDown',
      targetMissing: 'AppScrapeMissing',
      ruleFailing: 'RuleEvaluationFailing',
      rulerCutOff: 'RulerNotifyFailing',
      collectorCutOff: 'CollectorSendFailing',
      logsSilent: 'LogPipelineSilent',
    },
  },
  dashboards: {
    folder: 'dashboards',
    showServerErrors: [
      { dashboard: 'app-latency', panel: 'Share of server errors', labels: ['app'] },
      { dashboard: 'app-latency', panel: 'Share of server errors by route', labels: ['app', 'route'] },
      { dashboard: 'app-latency', panel: 'Server errors per second by status', labels: ['app', 'status'] },
      { dashboard: 'stack-health', panel: 'Share of server errors at the ingress' },
    ],
  },
  traffic: { perAppPerSecond: 25 },
  promises: [
    {
      id: 'log-alert-delivered',
      alert: 'LogsErrorBurst',
      deliveredWithinMs: { production: 45_000, fast: 2_000 },
    },
  ],
  // Our own k3s cluster as if it were somebody else's: manifests/verification/reader has the user that looks at it.
  cluster: {
    kubeconfig: '.signalproof/reader.kubeconfig',
    context: 'reader',
    profile: 'fast',
    allow: ['traffic'],
    soleTraffic: true,
    namespaces: ['apps', 'observability', 'observability-node', 'ingress'],
    services: {
      prometheus: { namespace: 'observability', name: 'prometheus', port: 9090 },
      loki: { namespace: 'observability', name: 'loki', port: 3100 },
      tempo: { namespace: 'observability', name: 'tempo', port: 3200 },
      alertmanager: { namespace: 'observability', name: 'alertmanager', port: 9093 },
      alertReceiver: { namespace: 'observability', name: 'alert-receiver', port: 8080 },
      collectorMetrics: { namespace: 'observability-node', name: 'collector', port: 8888 },
    },
    ingress: { service: { namespace: 'ingress', name: 'traefik', port: 80 } },
  },
})
