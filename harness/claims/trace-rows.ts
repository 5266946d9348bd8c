import type { ClaimRow } from './claim-row.ts'
import { counted, faultAgrees, need, reached, scraped, stored } from './needs.ts'

const followed = need('traces.followed', 'what is not stored by its id cannot be looked for in another way')

/** Traces: from the request of a client to every span that it leaves behind, and from there to the other signals. */
export const traceRows: readonly ClaimRow[] = [
  {
    id: 'traces.followed',
    layer: 'traces',
    title:
      'a request in a known trace leaves exactly its spans, with the right parents, services and statuses',
    needs: [reached],
    requires: ['traffic', 'traces'],
    changes: 'one request to every app, in a trace whose id is known',
    remedy:
      "look at OTEL_PROPAGATORS and OTEL_EXPORTER_OTLP_ENDPOINT of the app that is named, and at the collector's pipeline `traces`",
  },
  {
    id: 'traces.searchable',
    layer: 'traces',
    title: 'a search by service, route and status finds that trace, and one for what is not there finds none',
    needs: [followed],
    requires: ['traces'],
    remedy:
      'run the query by hand: /api/search?q=… of Tempo; look at trace_idle_period and flush_check_period',
  },
  {
    id: 'traces.logs-linked',
    layer: 'traces',
    title: 'the log lines of every hop are found by the id of the trace, and name the span of their app',
    needs: [followed, stored],
    requires: ['traces'],
    remedy: "compare `trace_id` and `span_id` of the app's log lines with the spans of the trace",
  },
  {
    id: 'traces.exemplar-leads-to-trace',
    layer: 'traces',
    title:
      'an exemplar of every duration histogram leads to a stored trace of a request of that app and route, and stands in its bucket',
    needs: [followed, scraped],
    requires: ['traces', 'sole-traffic'],
    remedy:
      'look at the metrics page of the app as OpenMetrics, and at `exemplar-storage` and storage.exemplars of Prometheus',
  },
  {
    id: 'traces.failure-marked',
    layer: 'traces',
    title: 'the span of every failed request says that it failed and how, and that of a good one does not',
    needs: [followed, faultAgrees],
    requires: ['traces'],
    remedy: "look at status and error.type where the app ends its span, and at the collector's processors",
  },
  {
    id: 'traces.counted-once',
    layer: 'traces',
    title: 'apps, collector and Tempo count one span for every request and every call between apps',
    needs: [followed, counted],
    requires: ['traces', 'sole-traffic'],
    remedy: 'look at the place that is named first: what comes after it only repeats the difference',
  },
]
