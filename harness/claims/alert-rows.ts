import type { ClaimRow } from './claim-row.ts'
import { deliverable, need, ready } from './needs.ts'

/** Alerts about the apps: from the silence of the baseline to the last resolve. */
export const alertRows: readonly ClaimRow[] = [
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
    title: 'while all is well only the watchdogs fire, and both are delivered',
    needs: [ready],
    requires: ['notifications'],
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
    requires: ['notifications'],
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
    // A followed page asks the app, too.
    after: ['traces.followed'],
    requires: ['app-faults', 'notifications'],
    changes: 'every request of one app is made to fail until its page is delivered',
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
    requires: ['written-logs', 'notifications', 'naive-routing'],
    changes: 'lines of an app that is not there are written, which raise twelve alerts',
    remedy: 'look at group_by: it must not name route or pod',
  },
  {
    id: 'alerts.refires',
    layer: 'alerts',
    title: 'errors that come back after they were over are told again: two tickets and two resolves',
    needs: [need('logs.rule-selects-live-streams', 'a rule that selects nothing never fires'), deliverable],
    requires: ['written-logs', 'notifications'],
    changes: 'lines of an app that is not there are written, which raise one alert twice',
    remedy: 'look at group_interval and repeat_interval of the ticket route',
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
      need('alerts.refires', 'the set is complete once the errors that come back are over'),
    ],
    remedy: 'look at the alert that is named: which fault raised it, and should it?',
  },
]
