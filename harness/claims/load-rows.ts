import type { ClaimRow } from './claim-row.ts'
import { counted, need, rulesOnTime } from './needs.ts'
import { traceRows } from './trace-rows.ts'

/** What is said of a load, and of objectives under it: only in runs that a load was asked for. */

const generated = need('load.generated', 'figures of a load that was not as asked say nothing')
const balanced = need('load.accounts-balance', 'places that counted different requests cannot be compared')

export const loadRows: readonly ClaimRow[] = [
  {
    id: 'load.generated',
    layer: 'load',
    title: 'the generator sent what the workload says',
    needs: [
      counted,
      rulesOnTime,
      need('logs.counted-once', 'accounts can only balance where one request is one line'),
    ],
    // The requests of a load are in no ledger: exemplars and spans of theirs would be taken for strangers.
    after: traceRows.map(({ id }) => id),
    only: 'load',
    requires: ['traffic', 'sole-traffic'],
    changes: 'requests at the rate that is asked for, and the faults that are asked for',
    remedy: "look at k6.log in the run's folder; a lower rate needs less of the machine",
  },
  {
    id: 'load.thresholds-held',
    layer: 'load',
    title: 'every threshold of the workload held',
    needs: [generated],
    only: 'load',
    remedy: 'look at the route that was slow or failed, and at what its app had of the processor',
  },
  {
    id: 'load.accounts-balance',
    layer: 'load',
    title: 'client, ingress, app, Prometheus and Loki counted the same requests, by route and status',
    needs: [generated],
    only: 'load',
    remedy: 'look at the place that is named first: what comes after it only repeats the difference',
  },
  {
    id: 'load.latency-explained',
    layer: 'load',
    title: 'no client had an answer sooner than its app had finished it',
    needs: [balanced],
    only: 'load',
    remedy: "compare the app's duration histogram with its log; look for a second clock",
  },
  {
    id: 'slo.figures-agree',
    layer: 'slo',
    title: 'the generator and the queries of the objectives come to the same figures',
    needs: [balanced],
    only: 'load',
    remedy: "run the objective's queries by hand in Prometheus over exactly the time of the load",
  },
  {
    id: 'slo.objectives-held',
    layer: 'slo',
    title: 'every objective held under the load',
    needs: [need('slo.figures-agree', 'a verdict on figures that differ would be a guess')],
    only: 'load',
    remedy:
      'look at the objective that is named, at the route that spent its budget, and at the log of its app',
  },
]
