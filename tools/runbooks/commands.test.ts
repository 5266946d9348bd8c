import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { getAtPath } from '../../harness/config/document-path.ts'
import { loadConfig } from '../../harness/config/load-config.ts'
import { readStackDocuments } from '../../harness/config/stack-documents.ts'
import { readYamlFile } from '../../harness/config/yaml-file.ts'
import { parseDurationMs } from '../../harness/core/prometheus-duration.ts'
import { type RuleTimings, readDocumentTimings } from '../../harness/timeline/pipeline-timings.ts'
import { type Problem, writeProblem } from '../readme/problem.ts'
import { checkReferences, checkShell, checkVariables, type Runbooks } from './commands.ts'
import { checkExpressions, expressionsOf, type KnownNames, metricsOf } from './expressions.ts'
import { checkNumbers, type RuleNumbers, thresholdsOf } from './numbers.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, 'alerts', 'runbooks')
const runbooks: Runbooks = new Map(
  readdirSync(folder).map((file) => [file.replace(/\.md$/, ''), readFileSync(join(folder, file), 'utf8')]),
)
const project = await loadConfig(root)
const documents = readStackDocuments(project)
const timings = readDocumentTimings(documents)

/** What the components have beside the metrics of the rules; each was seen on the /metrics of its component. */
const componentMetrics = [
  ...['up', 'ALERTS_FOR_STATE', 'process_start_time_seconds', 'prometheus_sd_discovered_targets'],
  ...['prometheus_sd_kubernetes_failures_total', 'prometheus_rule_group_last_duration_seconds'],
  ...['prometheus_notifications_errors_total', 'prometheus_notifications_dropped_total'],
  ...['loki_prometheus_rule_group_last_duration_seconds', 'loki_distributor_lines_received_total'],
  ...['loki_discarded_samples_total', 'alertmanager_notifications_failed_total'],
  ...['alertmanager_alerts_received_total', 'alertmanager_alerts_invalid_total'],
  ...['otelcol_fileconsumer_open_files', 'otelcol_exporter_queue_size', 'otelcol_exporter_queue_capacity'],
  ...['otelcol_exporter_in_flight_requests', 'otelcol_receiver_refused_log_records'],
  ...['traefik_service_requests_total', 'traefik_service_request_duration_seconds_sum'],
  'traefik_service_request_duration_seconds_count',
]

const known: KnownNames = {
  metrics: new Set([
    ...timings.rules.filter(({ signal }) => signal === 'metrics').flatMap(({ expr }) => metricsOf(expr)),
    ...componentMetrics,
  ]),
  streamLabels: project.config.logs.streamLabels,
  alerts: timings.rules.map(({ alert }) => alert),
}

function numbersOf({ alert, expr, signal, labels, ...rule }: RuleTimings): RuleNumbers {
  const routes = timings.routing.routesFor({ alertname: alert, ...labels })
  const configured = (document: unknown, path: string) => {
    const ms = parseDurationMs(String(getAtPath(document, path)))
    if (ms === null) throw new Error(`expected a duration at ${path}`)
    return [ms]
  }
  return {
    severity: labels.severity ?? 'no severity',
    expr,
    language: signal === 'logs' ? 'logql' : 'promql',
    forMs: rule.forMs,
    keepFiringForMs: rule.keepFiringForMs,
    settingsMs: new Map([
      ['scrape', [timings.scrapeIntervalMs, timings.longestScrapeIntervalMs]],
      ['evaluation', [rule.evaluationIntervalMs]],
      ['group_wait', routes.map(({ groupWaitMs }) => groupWaitMs)],
      ['group_interval', routes.map(({ groupIntervalMs }) => groupIntervalMs)],
      ['repeat_interval', routes.map(({ repeatIntervalMs }) => repeatIntervalMs)],
      ['resend_delay', configured(documents.loki, 'ruler.resend_delay')],
      ['max_interval', [timings.collectorRetryMs]],
      ['discovery', [parseDurationMs(discoveryReload()) ?? Number.NaN]],
    ]),
  }
}

const discoveryReload = (): string =>
  (documents['prometheus-flags'] as Record<string, string>)['scrape.discovery-reload-interval'] ?? ''

const written = (alert: string, problems: readonly Problem[]): string[] =>
  problems.map((problem) => writeProblem(`alerts/runbooks/${alert}.md`, problem))

const textOf = (alert: string): string => runbooks.get(alert) ?? ''

test.each(timings.rules)(
  '$alert: bash can read every block, and every variable is set',
  async ({ alert }) => {
    expect(written(alert, [...(await checkShell(textOf(alert))), ...checkVariables(textOf(alert))])).toEqual(
      [],
    )
  },
)

test.each(timings.rules)('$alert: every expression parses and names what exists', ({ alert }) => {
  expect(written(alert, checkExpressions(textOf(alert), known))).toEqual([])
  expect(expressionsOf(textOf(alert))).not.toEqual([])
})

test.each(timings.rules)('$alert: links, steps and paths lead somewhere', ({ alert }) => {
  expect(written(alert, checkReferences(alert, runbooks, root))).toEqual([])
})

test.each(timings.rules)('$alert: numbers are those of the rule and the configuration', (rule) => {
  expect(written(rule.alert, checkNumbers(textOf(rule.alert), numbersOf(rule)))).toEqual([])
})

/** Its rules are generated and loaded by no stack that is verified, so that their numbers are no timings. */
test('SloBudgetBurn: its commands run, parse and lead somewhere, and it names every threshold', async () => {
  const text = textOf('SloBudgetBurn')
  const records = readStackRules(join(root, 'alerts', 'slo', 'availability.yaml'))
  const metrics = new Set([...known.metrics, ...records.flatMap(({ record }) => record ?? [])])
  expect(
    written('SloBudgetBurn', [
      ...(await checkShell(text)),
      ...checkVariables(text),
      ...checkReferences('SloBudgetBurn', runbooks, root),
      ...checkExpressions(text, { ...known, metrics, alerts: [...known.alerts, 'SloBudgetBurn'] }),
    ]),
  ).toEqual([])
  const thresholds = new Set(
    records.flatMap(({ alert, expr }) => (alert === undefined ? [] : [/> ([\d.]+)/.exec(expr)?.[1]])),
  )
  expect(thresholds.size).toBe(4)
  for (const threshold of thresholds)
    expect(text).toContain(`more than ${Number((Number(threshold) * 100).toPrecision(6))} %`)
})

function readStackRules(file: string): { record?: string; alert?: string; expr: string }[] {
  const { groups } = readYamlFile(file) as { groups: { rules: { expr: string }[] }[] }
  return groups.flatMap(({ rules }) => rules)
}

/** A runbook's text with something changed; a change that changes nothing would prove nothing. */
function changed(alert: string, from: string, to: string): string {
  const text = textOf(alert)
  expect(text).toContain(from)
  return text.replace(from, to)
}

const seenIn = (problems: readonly Problem[]): string[] => problems.map(({ seen }) => seen)

test('a quote that does not end, another language and no block at all are told', async () => {
  const open = await checkShell(changed('TargetDown', "promql 'up == 0'", "promql 'up == 0"))
  expect(open).toMatchObject(
    [{ expected: 'commands that bash can read', seen: /unexpected EOF|quote/ }].map(asMatch),
  )
  expect(await checkShell('```console\n$ up\n```\n')).toMatchObject([{ line: 2, seen: 'console' }])
  expect(await checkShell('# Empty\n')).toMatchObject([{ seen: 'none' }])
})

const asMatch = ({ expected, seen }: { expected: string; seen: RegExp }) => ({
  expected,
  seen: expect.stringMatching(seen),
})

test('a variable that nobody sets is told with its line', () => {
  const text = changed('TargetDown', 'PROMTOOL=$(', 'PROMTOOLS=$(').replace(' PROMTOOL=promtool', '')
  expect(checkVariables(text)).toMatchObject([
    { expected: expect.stringContaining('$PROMTOOL '), seen: 'neither', line: expect.any(Number) },
  ])
})

test.each([
  ['TargetDown', "promql 'up == 0'", "promql 'up == '", 'up == '],
  ['TargetDown', "promql 'up == 0'", "promql 'upp == 0'", 'upp'],
  [
    'Watchdog',
    'notifications_(errors|dropped)_total"} > 0',
    'notices_total"} > 0',
    'prometheus_notices_total',
  ],
  ['LogPipelineSilent', '{namespace="apps"}[1m]', '{service="apps"}[1m]', 'service'],
  ['LogPipelineSilent', "'query={namespace=", "'query={namespaces=", 'namespaces'],
  [
    'AppLatencyHigh',
    'ALERTS_FOR_STATE{alertname="AppLatencyHigh"',
    'ALERTS_FOR_STATE{alertname="AppSlow"',
    'AppSlow',
  ],
  ['LogsWatchdog', 'filter=alertname="LogsWatchdog"', 'filter=alertname="LogWatchdog"', 'LogWatchdog'],
])('%s: %s changed to %s is told', (alert, from, to, seen) => {
  const problems = checkExpressions(changed(alert, from, to), known)
  expect(seenIn(problems)).toEqual([seen])
})

test('an expression in pieces is put together as the shell does', () => {
  const text = `\`\`\`sh\nAPP=x\npromql 'up{app="'$APP'"} > 0'\nloglines "$QUERY"\n\`\`\`\n`
  expect(expressionsOf(text)).toEqual([{ language: 'promql', expr: 'up{app="value"} > 0', line: 3 }])
})

test.each([
  ['[Watchdog](Watchdog.md).', '[Watchdog](Watchdogs.md).', 'Watchdogs.md'],
  ['for Prometheus and Alertmanager', 'in manifests/prometheus/prom.yaml', 'manifests/prometheus/prom.yaml'],
  ['step 3 is the cause', 'step 9 is the cause', 'steps 1, 2, 3, 4, 5'],
  ['(LogsErrorBurst.md), step 1', '(LogsErrorBurst.md), step 19', expect.stringMatching(/^steps 1, 2/)],
])('TargetDown: %s changed to %s leads nowhere and is told', (from, to, seen) => {
  const text = changed('TargetDown', from, to)
  expect(seenIn(checkReferences('TargetDown', new Map([...runbooks, ['TargetDown', text]]), root))).toEqual([
    seen,
  ])
})

const ruleOf = (alert: string): RuleTimings => {
  const rule = timings.rules.find((each) => each.alert === alert)
  if (rule === undefined) throw new Error(`no rule for ${alert}`)
  return rule
}

test.each([
  ['LogPipelineSilent', '2 min (for)', '1 min (for)', 'for as configured: 2 min'],
  ['LogPipelineSilent', '2 min (for)', '2 min', '"2 min (for)" in a sum of times'],
  ['LogPipelineSilent', '30 s (group_wait)', '10 s (group_wait)', 'group_wait as configured: 30 s'],
  ['CollectorSendFailing', '5 s (max_interval)', '30 s (max_interval)', 'max_interval as configured: 5 s'],
  ['LogsWatchdog', 'repeat_interval 5 min', 'repeat_interval 4 h', 'repeat_interval as configured: 5 min'],
  ['AppScrapeMissing', '5 s (discovery)', '1 min (discovery)', 'discovery as configured: 5 s'],
  ['LogsErrorBurst', 'Severity: `ticket`', 'Severity: `page`', 'Severity: `ticket`'],
])('%s: %s changed to %s is told', (alert, from, to, expected) => {
  const problems = checkNumbers(changed(alert, from, to), numbersOf(ruleOf(alert)))
  expect(problems.map((problem) => problem.expected)).toEqual([expected])
})

test('a threshold that the rule changed is asked for in the runbook', () => {
  const rule = numbersOf(ruleOf('AppLatencyHigh'))
  const higher = { ...rule, expr: rule.expr.replace('> 0.10', '> 0.25').replaceAll('le="0.3"', 'le="0.5"') }
  expect(checkNumbers(textOf('AppLatencyHigh'), higher).map(({ expected }) => expected)).toEqual([
    '"25 %", which the rule compares with',
    '"0.5 s", which the rule compares with',
  ])
  const burst = numbersOf(ruleOf('LogsErrorBurst'))
  expect(thresholdsOf(burst.expr, 'logql')).toEqual([5])
  const more = { ...burst, expr: burst.expr.replace('> 5', '> 7') }
  expect(checkNumbers(textOf('LogsErrorBurst'), more)).toMatchObject([
    { expected: '"more than 7", which the rule compares with' },
  ])
})
