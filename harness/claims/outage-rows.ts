import type { ClaimRow } from './claim-row.ts'
import { counted, need, rulesOnTime, scraped, ticketArrives, watchdogs } from './needs.ts'
import { traceRows } from './trace-rows.ts'

/** Alerts about the stack itself, and what people were told in the whole run. */
/** Claims about faults in apps, each of which an outage of the stack would spoil: also where only some are in a run. */
const faultsInApps = [
  'metrics.counted-once',
  'logs.counted-once',
  ...traceRows.map(({ id }) => id),
  'alerts.baseline-quiet',
  'alerts.silent-below',
  'alerts.leads-to-evidence',
  'alerts.resolved',
  'alerts.ticket-inhibited',
  'alerts.page-resolved',
  'alerts.one-incident-one-notification',
  'alerts.refires',
  'alerts.exact-set',
]

/** Each breaks something of the stack itself, for a while. */
const outages = [
  'alerts.slow-route',
  'alerts.hung-app',
  'alerts.lost-target',
  'alerts.blinded-rule',
  'alerts.ruler-cut-off',
  'alerts.replaced-collector',
  'alerts.cause-mutes-silence',
  'alerts.cut-off-loses-no-line',
  'alerts.held-logs',
  'alerts.deadman-hears',
]

/**
 * The outages of the path of logs come one after another and are the longest chain of a run, so that they come first; the
 * others are made beside them, in turn: what begins one takes the cores for a moment.
 */
export const outageRows: readonly ClaimRow[] = [
  {
    id: 'alerts.slow-route',
    layer: 'alerts',
    title: 'a route that answers slowly is one ticket that names the app and the route',
    needs: [ticketArrives, counted, rulesOnTime],
    after: [...faultsInApps, 'alerts.replaced-collector'],
    requires: ['app-faults', 'notifications'],
    changes: 'one app is made to answer late until its ticket is delivered',
    remedy: 'look at the histogram of the route: its threshold has to be an edge of a bucket',
  },
  {
    id: 'alerts.hung-app',
    layer: 'alerts',
    title: 'an app that hangs is one ticket: its target is down',
    needs: [ticketArrives, scraped, rulesOnTime],
    after: [...faultsInApps, 'alerts.replaced-collector'],
    requires: ['stack-faults', 'notifications'],
    changes: 'one app is paused until its ticket is delivered',
    remedy: 'look at /targets of Prometheus: a hung target has to time out',
  },
  {
    id: 'alerts.lost-target',
    layer: 'alerts',
    title: 'an app that discovery has lost is one ticket: there is no target that could be down',
    needs: [ticketArrives, scraped, rulesOnTime],
    after: [...faultsInApps, 'alerts.replaced-collector'],
    requires: ['stack-faults', 'notifications'],
    changes: 'one app is hidden from discovery until its ticket is delivered',
    remedy: 'look at the rule: every app of signalproof.config.ts has to be named in it',
  },
  {
    id: 'alerts.blinded-rule',
    layer: 'alerts',
    title: 'a log rule that one app makes fail is one ticket, and none of its lines is an incident',
    needs: [ticketArrives, scraped, rulesOnTime],
    after: faultsInApps,
    requires: ['written-logs', 'notifications'],
    changes: 'lines of an app that is not there are written, so many kinds that a rule fails',
    remedy: 'look at prometheus_rule_evaluation_failures_total of both rulers',
  },
  {
    id: 'alerts.ruler-cut-off',
    layer: 'alerts',
    title:
      'a ruler that cannot reach Alertmanager is one ticket by way of the other, and the deadman hears its watchdog end',
    needs: [ticketArrives, scraped, rulesOnTime, watchdogs],
    after: [...faultsInApps, 'alerts.blinded-rule'],
    requires: ['stack-faults', 'notifications'],
    changes: "Loki's ruler is cut off from Alertmanager until its ticket is delivered",
    remedy: 'look at loki_prometheus_notifications_errors_total in Prometheus',
  },
  {
    id: 'alerts.replaced-collector',
    layer: 'alerts',
    title:
      'a collector that is gone for a while is one ticket; its successor loses no line and stores none twice',
    needs: [ticketArrives, scraped, rulesOnTime],
    after: [...faultsInApps, 'alerts.blinded-rule'],
    requires: ['stack-faults', 'notifications'],
    changes: 'the collector is stopped until its ticket is delivered',
    remedy:
      'look at the storage of file_log and of sending_queue: what was read, and what was not sent, has to last',
  },
  {
    id: 'alerts.collector-cut-off',
    layer: 'alerts',
    title: 'a collector that cannot reach Loki is one ticket',
    needs: [ticketArrives, scraped, rulesOnTime],
    after: [...faultsInApps, 'alerts.replaced-collector', 'alerts.ruler-cut-off'],
    requires: ['stack-faults', 'notifications'],
    changes: 'the collector is cut off from Loki until its ticket is delivered',
    remedy:
      'compare otelcol_receiver_accepted_log_records with otelcol_exporter_sent_log_records in Prometheus',
  },
  {
    id: 'alerts.cause-mutes-silence',
    layer: 'alerts',
    title: 'the silence that a cut-off collector causes is seen, inhibited and never delivered',
    needs: [need('alerts.collector-cut-off', 'only the cause can mute the silence')],
    remedy: 'look at inhibit_rules: the ticket of the collector has to be their source',
  },
  {
    id: 'alerts.cut-off-loses-no-line',
    layer: 'alerts',
    title: 'what apps write while Loki cannot be reached is stored once it can be, and nothing twice',
    needs: [need('alerts.collector-cut-off', 'without the outage there is nothing to lose')],
    remedy: 'look at the retries and the queue of the collector: retry_on_failure and sending_queue',
  },
  {
    id: 'alerts.held-logs',
    layer: 'alerts',
    title: 'log files that stay empty are one ticket, although nothing is wrong with the collector',
    needs: [ticketArrives],
    after: [
      ...faultsInApps,
      'alerts.blinded-rule',
      'alerts.cause-mutes-silence',
      'alerts.cut-off-loses-no-line',
    ],
    requires: ['stack-faults', 'notifications'],
    changes: 'log files are held back from the collector until their ticket is delivered',
    remedy: 'run the rule of the silence by hand in Loki: does another app still write?',
  },
  {
    id: 'alerts.deadman-hears',
    layer: 'alerts',
    title: 'when Prometheus cannot reach Alertmanager the deadman hears the Watchdog end, and begin again',
    needs: [watchdogs],
    after: [
      ...faultsInApps,
      'alerts.slow-route',
      'alerts.hung-app',
      'alerts.lost-target',
      'alerts.cause-mutes-silence',
    ],
    requires: ['stack-faults', 'notifications'],
    changes: 'Prometheus is cut off from Alertmanager until the deadman is told',
    remedy: 'look at the route of the watchdogs: receiver, group_interval and send_resolved',
  },
  {
    id: 'alerts.every-alert',
    layer: 'alerts',
    title: 'every alert that git has a rule for fired in this run, was delivered and was resolved',
    needs: [
      need('alerts.exact-set', 'an unexpected alert could pass for the one that is looked for'),
      ...outages.map((id) => need(id, 'its alert belongs to the table')),
    ],
    remedy: 'add a scenario that raises the alert that is named, or take its rule out',
  },
  {
    id: 'alerts.exact-set-of-outages',
    layer: 'alerts',
    title: 'the outages raised the expected alerts and no other, pending ones included',
    needs: [need('alerts.every-alert', 'the set is complete once the last outage is over')],
    remedy: 'look at the alert that is named: which outage raised it, and should it?',
  },
  {
    id: 'alerts.noise',
    layer: 'alerts',
    title: 'every incident of the run was told once when it began and once when it was over',
    needs: [need('alerts.every-alert', 'what was not delivered cannot be counted')],
    requires: ['naive-routing'],
    remedy: 'look at the incident that is named: group_by, inhibit_rules, keep_firing_for, repeat_interval',
  },
]
