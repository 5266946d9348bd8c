/** A webhook as Alertmanager 0.33 sends it, with what a test wants to be different. */
export function webhook(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    version: '4',
    groupKey: '{}:{alertname="LogsErrorBurst"}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'ticket',
    groupLabels: { alertname: 'LogsErrorBurst' },
    commonLabels: { alertname: 'LogsErrorBurst', severity: 'ticket' },
    commonAnnotations: {},
    externalURL: 'http://alertmanager:9093',
    notification_reason: 'first notification',
    alerts: [
      {
        status: 'firing',
        labels: { alertname: 'LogsErrorBurst', severity: 'ticket' },
        annotations: {},
        startsAt: '2026-11-22T10:00:00.123456789Z',
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: 'http://loki:3100/explore',
        fingerprint: '1d2f4b0c9a8e7f60',
      },
    ],
    ...change,
  }
}
