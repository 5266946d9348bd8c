import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from '../config/load-config.ts'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { checkAlerts, checkRules } from './check-rules.ts'

const root = join(import.meta.dirname, '..', '..')
const { config } = await loadConfig(root)

const annotations = (alert: string) =>
  `annotations: { summary: s, description: d, runbook_url: http://x/runbooks/${alert}, dashboard_url: http://x, log_query: '{namespace="apps"}' }`
const runbook =
  '# A\n\n## Meaning\n\nx\n\n## Impact\n\nx\n\n## Diagnosis\n\n```sh\n## no heading\n```\n\n## Mitigation\n\nx\n'
const named = ['available-schedules-python', 'available-schedules-go', 'frontend']
const absent = (apps: readonly string[]) =>
  apps.map((app) => `absent(up{job="apps", namespace="apps", app="${app}"})`).join(' or ')

/** A small folder of alerts that lacks nothing. */
const whole = {
  'logs/l.yaml': `groups:
  - name: l
    rules:
      - alert: Burst
        expr: sum(count_over_time({namespace="apps"}[5m])) > 5
        labels: { severity: ticket }
        ${annotations('Burst')}
`,
  'metrics/m.yaml': `groups:
  - name: m
    rules:
      - alert: Lost
        expr: ${absent(named)}
        labels: { severity: ticket }
        ${annotations('Lost')}
      - alert: Always
        expr: vector(1)
        labels: { severity: none }
        ${annotations('Always')}
`,
  'tests/logs/l.yaml': `rules: ../../logs/l.yaml
cases:
  - name: six
    logs: [{ app: go, at: 0s, count: 6, text: x }]
    expect:
      - { at: 0s, alert: Burst, firing: [{ labels: { severity: ticket }, annotations: { summary: s } }] }
      - { at: 5m, alert: Burst, none: true }
  - name: five
    logs: [{ app: go, at: 0s, count: 5, text: x }]
    expect: [{ at: 0s, alert: Burst, none: true }]
`,
  'tests/metrics/m.yaml': `rule_files: [../../metrics/m.yaml]
evaluation_interval: 10s
tests:
  - name: lost
    interval: 10s
    input_series: [{ series: up, values: 1x9 }]
    alert_rule_test:
      - { eval_time: 10s, alertname: Lost, exp_alerts: [] }
      - { eval_time: 20s, alertname: Lost, exp_alerts: [{ exp_labels: {} }] }
      - { eval_time: 50s, alertname: Lost, exp_alerts: [] }
      - { eval_time: 50s, alertname: Always, exp_alerts: [{ exp_labels: {} }] }
`,
  'tests/always-firing.yaml': 'alerts: [{ alert: Always, because: nothing can silence it }]\n',
  'runbooks/Burst.md': runbook,
  'runbooks/Lost.md': runbook,
  'runbooks/Always.md': runbook,
}

type File = keyof typeof whole

function gapsWith(file?: File, from: string | RegExp = '', to = ''): string[] {
  const files: Record<string, string> = { ...whole }
  if (file !== undefined) {
    files[file] = whole[file].replace(from, to)
    expect(files[file], 'the edit changes the file').not.toBe(whole[file])
    if (files[file] === '') delete files[file]
  }
  using folder = temporaryFolder(files)
  return checkAlerts(folder.path, config, 10_000)
}

test('the alerts of this repository lack nothing', async () => {
  expect(await checkRules(root)).toEqual([])
})

test('a folder that lacks nothing has no gap', () => {
  expect(gapsWith()).toEqual([])
})

const everything = /[\s\S]+/

test.each<[what: string, file: File, from: string | RegExp, to: string, line: RegExp]>([
  [
    'no firing case',
    'tests/logs/l.yaml',
    /firing: .*\] \}/,
    'none: true }',
    /logs\/l\.yaml:4 Burst: expected a case in which it fires; seen none in 2 cases of it; try/,
  ],
  [
    'no case at all',
    'tests/metrics/m.yaml',
    /.*Always.*\n/,
    '',
    /metrics\/m\.yaml:8 Always: expected a case in which it fires; seen none in 0 cases of it/,
  ],
  [
    'no case at all of what can be silent',
    'tests/metrics/m.yaml',
    /.*(?:10|20|50)s, alertname: Lost.*\n/g,
    '',
    /metrics\/m\.yaml:4 Lost: expected a case in which it only just does not fire; seen none in 0 cases of it; try let it be silent one evaluation before it fires/,
  ],
  [
    'no just-not-firing case',
    'tests/logs/l.yaml',
    / {2}- name: five[\s\S]*/,
    '',
    /logs\/l\.yaml:4 Burst: expected a case in which it only just does not fire; seen none in 1 case of it; try let it be silent one evaluation \(10s\) before/,
  ],
  [
    'a silent case on other streams',
    'tests/logs/l.yaml',
    'app: go, at: 0s, count: 5',
    'app: other, at: 0s, count: 5',
    /Burst: expected a case in which it only just does not fire/,
  ],
  [
    'a silent case of the same app with a line that has nothing to do with it',
    'tests/logs/l.yaml',
    'count: 5, text: x',
    'count: 5, text: y',
    /Burst: expected a case in which it only just does not fire/,
  ],
  [
    'a silent case with the same lines and one more kind',
    'tests/logs/l.yaml',
    '{ app: go, at: 0s, count: 5, text: x }',
    '{ app: go, at: 0s, count: 5, text: x }, { app: go, at: 0s, text: y }',
    /Burst: expected a case in which it only just does not fire/,
  ],
  [
    'a silent case with more of the same lines',
    'tests/logs/l.yaml',
    'count: 5',
    'count: 7',
    /Burst: expected a case in which it only just does not fire/,
  ],
  [
    'a silent case with the very same lines',
    'tests/logs/l.yaml',
    'count: 5',
    'count: 6',
    /Burst: expected a case in which it only just does not fire/,
  ],
  [
    'lines later than an hour',
    'tests/logs/l.yaml',
    'at: 0s, count: 5',
    'at: 30m, over: 40m, count: 5',
    /CONFIG_INVALID: expected lines less than 1h after the start of the case\n.*tests\/logs\/l\.yaml:9\n {2}seen: the last at 1h10m/,
  ],
  [
    'silent long before it fires',
    'tests/metrics/m.yaml',
    'eval_time: 10s',
    'eval_time: 0s',
    /metrics\/m\.yaml:4 Lost: expected a case in which it only just does not fire/,
  ],
  [
    'no resolving case',
    'tests/logs/l.yaml',
    /.*at: 5m.*\n/,
    '',
    /Burst: expected a case in which it ends; seen none in 2 cases of it; try let it fire, and be silent later/,
  ],
  [
    'no delivered case',
    'tests/logs/l.yaml',
    ', annotations: { summary: s }',
    '',
    /Burst: expected a case that goes through the real ruler; seen none/,
  ],
  [
    'no exemption',
    'tests/always-firing.yaml',
    everything,
    '',
    /metrics\/m\.yaml:8 Always: expected a case in which it only just does not fire/,
  ],
  [
    'an exemption without a reason',
    'tests/always-firing.yaml',
    'nothing can silence it',
    'yes',
    /always-firing\.yaml:1 alerts\[0\]\.because\n.*expected a reason, in words/,
  ],
  [
    'an exemption of what is not constant',
    'metrics/m.yaml',
    'vector(1)',
    'vector(1) unless up',
    /always-firing\.yaml:1 Always: expected a rule that always fires: vector\(…\) without `for`; seen vector\(1\) unless up/,
  ],
  [
    'an exemption of what waits',
    'metrics/m.yaml',
    'expr: vector(1)',
    'expr: vector(1)\n        for: 1m',
    /always-firing\.yaml:1 Always: expected a rule that always fires.*; seen `for`/,
  ],
  [
    'an exemption of nothing',
    'tests/always-firing.yaml',
    'alert: Always',
    'alert: Never',
    /always-firing\.yaml:1 Never: expected an alert of the rule files; seen none of this name/,
  ],
  [
    'no runbook',
    'runbooks/Burst.md',
    everything,
    '',
    /logs\/l\.yaml:4 Burst: expected a runbook .*runbooks\/Burst\.md; seen no such file/,
  ],
  [
    'no heading',
    'runbooks/Lost.md',
    '## Impact',
    '## Effects',
    /runbooks\/Lost\.md:1 Lost: expected one heading "## Impact" with text below it; seen none/,
  ],
  [
    'an empty heading',
    'runbooks/Lost.md',
    'Mitigation\n\nx',
    'Mitigation\n',
    /runbooks\/Lost\.md:17 Lost: expected one heading "## Mitigation" .*; seen no text/,
  ],
  [
    'a heading twice',
    'runbooks/Lost.md',
    '## Impact',
    '## Meaning\n\nx\n\n## Impact',
    /runbooks\/Lost\.md:7 Lost: expected one heading "## Meaning".*; seen 2/,
  ],
  [
    'a heading in a code block only',
    'runbooks/Lost.md',
    /## Diagnosis([\s\S]*)## no heading/,
    'Diagnosis$1## Diagnosis',
    /Lost: expected one heading "## Diagnosis".*; seen none/,
  ],
  [
    'no severity',
    'logs/l.yaml',
    'severity: ticket',
    'team: x',
    /logs\/l\.yaml:6 Burst: expected a severity: page, ticket, none; seen none/,
  ],
  [
    'another severity',
    'logs/l.yaml',
    'severity: ticket',
    'severity: critical',
    /logs\/l\.yaml:6 Burst: expected a severity: page, ticket, none; seen critical/,
  ],
  ...['summary: s', 'description: d', 'dashboard_url: http://x', 'runbook_url: http://x/runbooks/Burst'].map(
    (entry): [string, File, string, string, RegExp] => [
      `no ${entry}`,
      'logs/l.yaml',
      entry,
      `other: x`,
      new RegExp(`logs/l\\.yaml:7 Burst: expected the annotation ${entry.split(':')[0]}; seen none`),
    ],
  ),
  [
    'a log_query for lines that nobody collects',
    'logs/l.yaml',
    'log_query: \'{namespace="apps"}\'',
    'log_query: \'{namespace="observability"}\'',
    /logs\/l\.yaml:7 Burst: expected a log_query of the namespace apps, whose lines are collected; seen \{namespace="observability"\}/,
  ],
  [
    'a runbook_url of another alert',
    'logs/l.yaml',
    'runbooks/Burst',
    'runbooks/Lost',
    /logs\/l\.yaml:7 Burst: expected a runbook_url that ends with \/runbooks\/Burst; seen http:\/\/x\/runbooks\/Lost/,
  ],
  [
    'an app that is not watched',
    'metrics/m.yaml',
    absent(named),
    absent(named.slice(0, 2)),
    /metrics\/m\.yaml:5 Lost: expected absent\(up\{…\}\) for exactly the apps of signalproof\.config\.ts; seen nothing for apps\/frontend/,
  ],
  [
    'an app that is none',
    'metrics/m.yaml',
    absent(named),
    absent([...named, 'gone']),
    /Lost: .*; seen apps\/gone that no app is called/,
  ],
  [
    'an app twice',
    'metrics/m.yaml',
    absent(named),
    absent([...named, 'frontend']),
    /Lost: .*; seen an app twice/,
  ],
  [
    'an app of another namespace',
    'metrics/m.yaml',
    /namespace="apps", app="frontend"/,
    'namespace="app", app="frontend"',
    /seen nothing for apps\/frontend, and app\/frontend that/,
  ],
  [
    'no rule for lost apps',
    'metrics/m.yaml',
    absent(named),
    'up == 2',
    /AppScrapeMissing: expected a rule with absent/,
  ],
  [
    'a case of an unknown alert',
    'tests/logs/l.yaml',
    'at: 5m, alert: Burst',
    'at: 5m, alert: Brust',
    /CONFIG_INVALID: expected an alert of the rule file: Burst\n.*tests\/logs\/l\.yaml:7\n.*Brust/,
  ],
])('%s is a gap', (_, file, from, to, line) => {
  expect(gapsWith(file, from, to).join('\n')).toMatch(line)
})

/** An alert on metrics with a firing case, and a silent one with these series. */
const metricTwin = (series: string) => `rule_files: [../../metrics/m.yaml]
evaluation_interval: 10s
tests:
  - name: lost
    interval: 10s
    input_series: [{ series: 'up{a="1", b="2"}', values: 0x9 }]
    alert_rule_test:
      - { eval_time: 20s, alertname: Lost, exp_alerts: [{ exp_labels: {} }] }
      - { eval_time: 50s, alertname: Lost, exp_alerts: [] }
      - { eval_time: 50s, alertname: Always, exp_alerts: [{ exp_labels: {} }] }
  - name: there
    interval: 10s
    input_series: [${series}]
    alert_rule_test: [{ eval_time: 20s, alertname: Lost, exp_alerts: [] }]
`

test.each<[what: string, series: string, gaps: number]>([
  ['with other values', `{ series: 'up{a="1",b="2"}', values: 1x9 }`, 0],
  ['with the very same values', `{ series: 'up{a="1", b="2"}', values: 0x9 }`, 1],
  ['of another series', `{ series: 'up{a="1", b="3"}', values: 1x9 }`, 1],
  ['of more series', `{ series: 'up{a="1", b="2"}', values: 1x9 }, { series: other, values: 1x9 }`, 1],
  ['without any series', '', 1],
])('a silent case %s: %s has %d gaps', (_, series, gaps) => {
  using folder = temporaryFolder({ ...whole, 'tests/metrics/m.yaml': metricTwin(series) })
  const found = checkAlerts(folder.path, config, 10_000)
  expect(found.filter((line) => line.includes('only just does not fire'))).toHaveLength(gaps)
  expect(found).toHaveLength(gaps)
})

test('a runbook of no alert is a gap', () => {
  using folder = temporaryFolder({ ...whole, 'runbooks/Gone.md': runbook })
  expect(checkAlerts(folder.path, config, 10_000).join('\n')).toMatch(
    /runbooks\/Gone\.md:1 Gone: expected an alert of this name; seen none/,
  )
})

test('the check stands in `make check`', () => {
  expect(readFileSync(join(root, 'tools', 'check.ts'), 'utf8')).toContain('checkRules(root)')
})
