import type { RecordEntry, TimelineRecord } from '../../claims/claim-record.ts'
import type { PanelRecord, PanelSeries, PanelsFile } from '../../dashboards/panel-record.ts'
import type { ClosedAccounts } from '../../load/accounts/close-accounts.ts'
import type { GeneratorFigures } from '../../load/load-figures.ts'
import { objectiveDouble } from '../../slo/objective-double.ts'
import { judgeObjectives } from '../../slo/verdict.ts'
import { claimDouble, loadedSeed, recordOf, resultOf } from '../run-doubles.ts'
import type { ReportInput } from './report-input.ts'

/** What a run's folder holds, by hand: the run began at epoch ms 1000. */

/** Foreign text that would be markup where it is not escaped, in text and in attributes. */
export const hostile = `<script>alert(1)</script><img src="http://evil.example/x.png" onerror='alert(2)'>"'&</title></style>`

export const inputOf = (
  record: readonly RecordEntry[],
  changes: Partial<ReportInput> = {},
  facts: Parameters<typeof resultOf>[1] = {},
): ReportInput => ({
  result: resultOf(record, facts),
  accounts: undefined,
  panels: undefined,
  evidence: [],
  unread: [],
  ...changes,
})

const seriesDouble = (
  name: string,
  valueAt: (index: number) => number | null,
  points = 180,
): PanelSeries => ({
  name,
  labels: { app: name },
  points: Array.from({ length: points }, (_, index) => [1_000 + index * 500, valueAt(index)] as const),
})

export const panelDouble = (changes: Partial<PanelRecord> = {}): PanelRecord => ({
  dashboard: { uid: 'app-latency', title: 'App latency' },
  id: 1,
  title: 'Requests per second',
  type: 'timeseries',
  unit: 'reqps',
  thresholds: [{ value: 5, color: 'red' }],
  verdict: 'data',
  queries: [
    {
      refId: 'A',
      datasource: { type: 'prometheus', uid: 'prometheus' },
      written: 'sum by (app) (rate(http_requests_total[$__rate_interval]))',
      sent: 'sum by (app) (rate(http_requests_total[4s]))',
      verdict: 'data',
      series: [
        seriesDouble('go', (index) => 4 + Math.sin(index / 9)),
        seriesDouble('python', (index) => (index > 60 && index < 80 ? null : 6 + Math.cos(index / 7))),
        seriesDouble('frontend', (index) => 2 + (index % 10) / 10),
      ],
    },
  ],
  ...changes,
})

/** As many panels as a folder of dashboards has, by three dashboards. */
export const panelsDouble = (count: number, changes: Partial<PanelsFile> = {}): PanelsFile => ({
  range: { fromMs: 1_000, toMs: 91_000, stepMs: 500 },
  faults: [
    { name: 'the sixth error of go', fromMs: 20_000, toMs: 26_000 },
    { name: 'the collector is cut off', fromMs: 50_000, toMs: 62_000 },
  ],
  panels: Array.from({ length: count }, (_, index) =>
    panelDouble({
      id: index,
      title: `Panel ${index}`,
      dashboard: { uid: `d${index % 3}`, title: `Dashboard ${index % 3}` },
    }),
  ),
  ...changes,
})

export const timelineDouble = (changes: Partial<TimelineRecord> = {}): TimelineRecord => ({
  id: 'the sixth error of go',
  kind: 'request',
  alert: 'LogsErrorBurst',
  hops: [
    { name: 'stored', at: 2_100, ms: 100, worstCaseMs: 150, deadlineMs: 900, formula: 'poll + flush' },
    { name: 'evaluated', at: 2_500, ms: 400, worstCaseMs: 250, deadlineMs: 1_000, formula: 'interval' },
    { name: 'delivered', at: 6_500, ms: 4_000, worstCaseMs: 1_200, deadlineMs: 1_950, formula: 'group_wait' },
  ],
  totalMs: 4_500,
  worstCaseMs: 1_600,
  ...changes,
})

/** A chain in which the second of five claims is broken, and two need it. */
export const brokenRecord = (reason = brokenReason): RecordEntry[] =>
  recordOf(
    [
      claimDouble('platform.ready'),
      claimDouble('logs.stored', {
        verdict: 'broken',
        reason,
        evidence: ['evidence/logs.stored/lines.json'],
      }),
      claimDouble('logs.counted', {
        verdict: 'blocked',
        reason: 'needs logs.stored, which is broken: no lines',
      }),
      claimDouble('alerts.fires', {
        verdict: 'blocked',
        reason: 'needs logs.counted, which is blocked: no rule',
      }),
      claimDouble('alerts.quiet', { usedMs: 700, worstCaseMs: 1_900 }),
    ],
    {
      'logs.stored': ['platform.ready'],
      'logs.counted': ['logs.stored'],
      'alerts.fires': ['logs.counted', 'platform.ready'],
      'alerts.quiet': ['platform.ready'],
    },
  )

export const brokenReason =
  'CLAIM_BROKEN: what go logged, against the client\n  expected: []\n  seen: ["2 of 9 lines are not there","1 is there twice"]\n  try:  look at the log of the collector'

export const provenRecord = (): RecordEntry[] =>
  recordOf([claimDouble('platform.ready'), claimDouble('logs.stored')], { 'logs.stored': ['platform.ready'] })

const generatorDouble: GeneratorFigures = {
  window: { startedAt: 1_000, endedAt: 11_000 },
  exitCode: 0,
  iterations: 100,
  dropped: 0,
  exceptions: 0,
  virtualUsersMax: 3,
  answers: [{ method: 'GET', route: '/v1', status: 200, count: 100 }],
  latencyByRoute: { '/v1': { p50: 2, p95: 20, p99: 30, max: 90, mean: 3 } },
  thresholds: [{ metric: 'http_req_duration', threshold: 'p(95)<300', held: true }],
  cpu: { generatorSeconds: 0.5, generatorWaitedSeconds: 0.1, systemSeconds: { loki: 1.25 }, cores: 2 },
  invalidBecause: null,
}

const counts = { app: 100, prometheus: 100, loki: 98 }
export const accountsDouble: Pick<ClosedAccounts, 'balance' | 'drainedMs'> = {
  drainedMs: 300,
  balance: {
    requests: 100,
    rows: [{ app: 'go', method: 'GET', route: '/v1', status: 200, client: 90, caused: 10, counts }],
    ingressRows: [{ app: 'go', method: 'GET', status: 200, client: 90, caused: 10, ingress: 100 }],
    partedAt: {
      place: 'loki',
      before: 'prometheus',
      words: ['go: GET /v1 200: Prometheus has 100, Loki 98: 2 fewer'],
    },
  },
}

const noneTold = { notifications: 1, resolves: 1, duplicates: 0, flaps: 0 }

/** A run that has something in every section. */
export function fullInput(record: readonly RecordEntry[] = brokenRecord(), panels = 6): ReportInput {
  const [objective] = [objectiveDouble()]
  const entries: RecordEntry[] = [
    ...record,
    ...recordOf([claimDouble('load.generated')]),
    { kind: 'timeline', timeline: timelineDouble() },
    { kind: 'timeline', timeline: timelineDouble({ id: 'the app hangs', kind: 'outage', totalMs: null }) },
    {
      kind: 'alert-table',
      alerts: [
        {
          alert: 'LogsErrorBurst',
          receiver: 'ticket',
          firedAt: 3_000,
          deliveredAt: 4_000,
          resolvedAt: 9_000,
        },
        { alert: 'Watchdog', receiver: 'deadman', firedAt: 500, deliveredAt: 2_000, resolvedAt: null },
      ],
    },
    {
      kind: 'noise',
      incidents: [
        {
          incident: 'six errors',
          faults: 1,
          alerts: 1,
          ours: noneTold,
          naive: { ...noneTold, notifications: 12 },
        },
      ],
    },
    {
      kind: 'promises',
      promises: [{ id: 'log-alert-delivered', profile: 'fast', worstCaseMs: 2_500, promisedMs: 2_000 }],
    },
    { kind: 'note', id: 'alerts.quiet', text: 'quiet for 1500 ms' },
    { kind: 'load', load: { generator: generatorDouble } },
    {
      kind: 'slo',
      objectives: judgeObjectives(
        [objective],
        new Map([[objective.name, { total: 1_000, bad: 15 }]]),
        10_000,
      ),
    },
  ]
  const input = inputOf(entries, {}, { seed: loadedSeed({ basis: 'this run' }) })
  return {
    ...input,
    result: {
      ...input.result,
      set: ['loki:limits_config.x=1'],
      components: [{ name: 'loki', version: '3.7.8', provenance: 'built', location: '/cache/loki' }],
    },
    accounts: accountsDouble,
    panels: panelsDouble(panels),
    evidence: [
      {
        claim: 'logs.stored',
        path: 'evidence/logs.stored/lines.json',
        sizeBytes: 20_000,
        text: '{"line": "GET /v1 500"}',
        leftOutBytes: 19_000,
      },
    ],
  }
}
