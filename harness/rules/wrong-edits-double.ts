import { isMap } from '../config/document-path.ts'

/**
 * Wrong edits of the shipped rules as somebody could make them, and the case that has to notice each. A rule test that
 * stays green under a wrong rule is a test that cannot fail.
 */
export interface WrongEdit {
  /** What is wrong, in words. */
  readonly name: string
  /** The rule file below the folder of alerts; the test file has the same name, unless it is given. */
  readonly file: string
  readonly testFile?: string
  readonly alert: string
  readonly edit: (rule: Rule) => void
  /** The case that has to turn red, by its whole name. */
  readonly turnsRed: string
  /** What its failure has to say about what was seen. */
  readonly seen: RegExp
}

/** An alerting rule as parsed; only what is edited here. */
export interface Rule {
  expr: string
  for?: string
  keep_firing_for?: string
  labels: Record<string, string>
  annotations: Record<string, string>
}

const logErrors = { file: 'logs/log-errors.yaml', alert: 'LogsErrorBurst' }
const logSilent = { file: 'logs/log-pipeline.yaml', alert: 'LogPipelineSilent' }
const page = { file: 'metrics/app-errors.yaml', alert: 'AppErrorRatioHigh' }
const latency = { file: 'metrics/app-latency.yaml', alert: 'AppLatencyHigh' }
const missing = { file: 'metrics/scraping.yaml', alert: 'AppScrapeMissing' }
const down = { file: 'metrics/scraping.yaml', alert: 'TargetDown' }
const collector = { file: 'metrics/telemetry.yaml', alert: 'CollectorSendFailing' }
const ruler = { file: 'metrics/telemetry.yaml', alert: 'RulerNotifyFailing' }
const burn = {
  file: 'slo/availability.yaml',
  testFile: 'slo/availability-1h-5m.yaml',
  alert: 'SloBudgetBurn',
}
const evaluation = { file: 'metrics/telemetry.yaml', alert: 'RuleEvaluationFailing' }

const sixErrors = 'five JSON errors are silent, the sixth is a ticket, and it clears with its window'
const sixAccessErrors =
  'five access-log errors are silent, the sixth is a ticket, and it clears with its window'
const tenth = "more than a tenth of an app's requests fail, it pages, and stays for six minutes after"
const slow =
  "a fifth of a route's requests are slow, it is a ticket after a minute, and clears with its window"
const fastBurn = 'available-schedules-python-availability 1h/5m:'
const lost = 'an app that discovery has lost for a minute is a ticket, until it is found'

export const wrongEdits: readonly WrongEdit[] = [
  {
    ...burn,
    name: 'the threshold itself fires',
    edit: (rule) => {
      rule.expr = rule.expr.replaceAll('> 0.144', '>= 0.144')
    },
    turnsRed: `${fastBurn} exactly at the threshold it is silent`,
    seen: /long_window="1h"/,
  },
  {
    ...burn,
    name: 'the threshold is a hair too high',
    edit: (rule) => {
      rule.expr = rule.expr.replaceAll('> 0.144', '> 0.144002')
    },
    turnsRed: `${fastBurn} just over the threshold it fires, and ends after it`,
    seen: /^(?![\s\S]*long_window="1h")/,
  },
  {
    ...burn,
    name: 'the long window alone decides',
    edit: (rule) => {
      rule.expr = rule.expr.replace(/^and slo:.*\n/m, '')
    },
    turnsRed: `${fastBurn} when every event fails it begins once the long window holds enough of them, and ends with the short one`,
    seen: /long_window="1h"/,
  },
  {
    ...burn,
    name: 'one failure fewer is enough',
    edit: inExpr('>= 10', '>= 9'),
    turnsRed: `${fastBurn} at low traffic it is silent with 9 failures, and fires with 10`,
    seen: /long_window="1h"/,
  },
  {
    ...logErrors,
    name: 'the threshold is 4',
    edit: inExpr('> 5', '> 4'),
    turnsRed: sixErrors,
    seen: /firing \{app="available-schedules-go"[\s\S]*before `> 4` there is 5/,
  },
  {
    ...logErrors,
    name: 'the threshold is 6',
    edit: inExpr('> 5', '> 6'),
    turnsRed: sixErrors,
    seen: /neither pending nor firing\nbefore `> 6` there is 6/,
  },
  {
    ...logErrors,
    name: 'the window of the access lines is a minute',
    edit: (rule) => {
      rule.expr = replaceLast(rule.expr, '[5m]', '[1m]')
    },
    turnsRed: sixAccessErrors,
    seen: /neither pending nor firing/,
  },
  {
    ...logErrors,
    name: 'the stream label is called otherwise',
    edit: inExpr('{namespace="apps"}', '{k8s_namespace_name="apps"}'),
    turnsRed: sixErrors,
    seen: /before `> 5` there is nothing/,
  },
  {
    ...logErrors,
    name: 'the route keeps its query string',
    edit: inExpr('/[^ ?"]*)(?:\\?[^ "]*)?', '/[^ "]*)'),
    turnsRed: 'six errors with six query strings are six errors',
    seen: /firing \{app="json"[\s\S]*1 for \{app="access", namespace="apps", route="\/search\?q=1"\}/,
  },
  {
    ...logErrors,
    name: 'the route needs a character after its slash',
    edit: inExpr('(?P<route>/[^ ?"]*)', '(?P<route>/[^ ?"]+)'),
    turnsRed: 'the route of a single slash counts',
    seen: /^firing \{app="json", [^}]*\}\nbefore/,
  },
  {
    ...logErrors,
    name: 'only HTTP/1.1 is known',
    edit: inExpr('HTTP/[0-9.]+', 'HTTP/1[.]1'),
    turnsRed: 'every version of HTTP counts',
    seen: /^firing \{app="json", [^}]*\}\nbefore/,
  },
  {
    ...logErrors,
    name: 'only GET is known',
    edit: inExpr('[A-Z]+', 'GET'),
    turnsRed: 'every method counts',
    seen: /^firing \{app="json", [^}]*\}\nbefore/,
  },
  {
    ...logErrors,
    name: 'a status is any 5 after a quote',
    edit: (rule) => {
      inExpr(' (?P<status>5\\d\\d)\\b', '.*" 5')(rule)
      inExpr('|~ `" 5\\d\\d\\b`', '|~ `" 5`')(rule)
    },
    turnsRed: 'a 200 whose duration or count begins with 5 is not counted, whatever it follows',
    seen: /firing \{app="access", namespace="apps", route="\/good"/,
  },
  {
    ...logErrors,
    name: 'the request may stand in any field',
    edit: inExpr('^[^"]*"(?P<method>', '"(?P<method>'),
    turnsRed: 'a request that a client wrote into a later field is not the request',
    seen: /firing \{app="access", namespace="apps", route="\/evil"/,
  },
  {
    ...logErrors,
    name: 'the status is compared as a number',
    edit: inExpr('status=~`5\\d\\d`', 'status >= 500'),
    turnsRed: 'a status counts as a number and as text, and one that is neither breaks nothing',
    seen: /LabelFilterErr/,
  },
  {
    ...logErrors,
    name: 'lines without a request count as well',
    edit: (rule) => {
      rule.expr = rule.expr.replace(
        /\| route != ""\n\s*\| label_format form="access"/,
        '| label_format form="access"',
      )
    },
    turnsRed: 'a 200 whose duration or count begins with 5 is not counted, whatever it follows',
    seen: /firing \{app="access", namespace="apps", severity="ticket"\}/,
  },
  {
    ...logErrors,
    name: '`or` drops the second form of an app that writes both',
    edit: (rule) => {
      const sum = 'sum by (namespace, app, route) ('
      rule.expr = rule.expr
        .replace(`${sum}\n`, `(${sum}`)
        .replace(/\n\s*or\n/, `) or ${sum}`)
        .replace(/\) > 5/, ')) > 5')
    },
    turnsRed: 'an app that writes both forms has both counted, in one alert',
    seen: /neither pending nor firing\nbefore `> 5` there is 3/,
  },
  {
    ...logErrors,
    name: 'errors are summed without their route',
    edit: inExpr('sum by (namespace, app, route)', 'sum by (namespace, app)'),
    turnsRed: "five errors of each of two routes, and of each of two apps, are nobody's six",
    seen: /before `> 5` there is 10 for/,
  },
  {
    ...logErrors,
    name: 'an annotation names a label that the alert does not have',
    edit: (rule) => {
      rule.annotations.summary = rule.annotations.summary?.replace('$labels.app', '$labels.service') ?? ''
    },
    turnsRed: sixErrors,
    seen: /the annotation summary is " answered 6 requests/,
  },
  {
    ...logErrors,
    name: 'the ticket is called a page',
    edit: (rule) => {
      rule.labels.severity = 'page'
    },
    turnsRed: sixAccessErrors,
    seen: /severity="page"/,
  },
  {
    ...logSilent,
    name: '`for` is gone',
    edit: (rule) => {
      delete rule.for
    },
    turnsRed: 'a line within the two minutes begins the time anew',
    seen: /^firing \{namespace="apps"/,
  },
  {
    ...logSilent,
    name: 'absence is asked of one app',
    edit: inExpr('{namespace="apps"}', '{namespace="apps", app="frontend"}'),
    turnsRed:
      'silence is pending after five minutes without a line, a ticket two minutes later, and over with the next line',
    seen: /app="frontend"/,
  },
  {
    ...page,
    name: 'the guard of the ratio is gone',
    edit: (rule) => {
      rule.expr = rule.expr.replace(/\n\s*and sum[\s\S]*/, '')
    },
    turnsRed: 'an app with one request a second is asleep, one with a little more is not',
    seen: /firing \{app="asleep"/,
  },
  {
    ...page,
    name: 'a tenth is enough',
    edit: inExpr('> 0.10', '>= 0.10'),
    turnsRed: 'exactly a tenth is not more than a tenth',
    seen: /firing \{app="go"/,
  },
  {
    ...page,
    name: 'it clears at once',
    edit: (rule) => {
      delete rule.keep_firing_for
    },
    turnsRed: tenth,
    seen: /not firing/,
  },
  {
    ...page,
    name: 'its window is five minutes',
    edit: (rule) => {
      rule.expr = rule.expr.replaceAll('[1m]', '[5m]')
    },
    turnsRed: tenth,
    seen: /not firing/,
  },
  {
    ...page,
    name: '4xx counts as failed',
    edit: inExpr('status=~"5.."', 'status=~"[45].."'),
    turnsRed: 'only statuses from 500 to 599 are errors',
    seen: /firing \{app="refusing"/,
  },
  {
    ...latency,
    name: 'slow begins at 0.5 s',
    edit: inExpr('le="0.3"', 'le="0.5"'),
    turnsRed: slow,
    seen: /not firing/,
  },
  {
    ...latency,
    name: 'routes are judged together',
    edit: (rule) => {
      rule.expr = rule.expr.replaceAll('(namespace, app, route)', '(namespace, app)')
    },
    turnsRed: 'a slow route shows beside a fast one that has a hundred times its traffic',
    seen: /not firing/,
  },
  {
    ...missing,
    name: 'absence is asked by the wrong label',
    edit: inExpr('app="available-schedules-go"', 'pod="available-schedules-go"'),
    turnsRed: lost,
    seen: /not firing|pod="available-schedules-go"/,
  },
  {
    ...missing,
    name: 'one app was forgotten',
    edit: (rule) => {
      rule.expr = rule.expr.replace(/\n\s*or absent\([^)]*available-schedules-go[^)]*\)/, '')
    },
    turnsRed: lost,
    seen: /not firing/,
  },
  {
    ...down,
    name: 'a minute is enough',
    edit: (rule) => {
      delete rule.for
    },
    turnsRed: 'a target that does not answer for two minutes is a ticket, until it answers',
    seen: /firing \{instance="10\.42\.0\.5:8888"/,
  },
  {
    ...down,
    name: 'one failed scrape is the begin of it',
    edit: inExpr('max_over_time(up[65s])', 'up'),
    turnsRed:
      'a pod of an app that does not answer is named by its app, and a few failed scrapes are nothing',
    seen: /alertstate="pending".*pod="go-1"/s,
  },
  {
    ...collector,
    name: 'a collector that never sent anything is forgotten',
    edit: inExpr('(otelcol_exporter_sent_log_records)', '(otelcol_receiver_accepted_log_records)'),
    turnsRed: 'a collector that has never sent anything is a ticket, until its first line is there',
    seen: /not firing/,
  },
  {
    ...collector,
    name: 'a counter that is born with its first failure is not seen',
    edit: inExpr('< on (job, instance) group_left', '> on (job, instance) group_left'),
    turnsRed:
      'the first lines that a collector gives up are a ticket, although their series is born with them',
    seen: /not firing/,
  },
  {
    ...ruler,
    name: 'notifications that were dropped are forgotten',
    edit: inExpr('loki_prometheus_notifications_dropped_total', 'loki_prometheus_notifications_sent_total'),
    turnsRed: 'a ruler that drops its notifications is a ticket',
    seen: /not firing/,
  },
  {
    ...evaluation,
    name: 'two failures are enough, by what `increase` makes of them',
    edit: (rule) => {
      rule.expr = rule.expr.replaceAll('> 2.5', '> 2')
    },
    turnsRed:
      'two failed evaluations are silent at every moment, the third is a ticket, until the window is over',
    seen: /firing \{group="scraping"/,
  },
]

function inExpr(from: string, to: string): (rule: Rule) => void {
  return (rule) => {
    rule.expr = rule.expr.replaceAll(from, to)
  }
}

function replaceLast(text: string, from: string, to: string): string {
  const at = text.lastIndexOf(from)
  return text.slice(0, at) + to + text.slice(at + from.length)
}

/** The rule document with the edit made. @throws Error when the edit changes nothing: then it proves nothing */
export function applyWrongEdit(document: unknown, { alert, name, edit }: WrongEdit): unknown {
  const edited = structuredClone(document)
  const groups =
    isMap(edited) && Array.isArray(edited.groups) ? (edited.groups as { rules: unknown[] }[]) : []
  const rule = groups.flatMap(({ rules }) => rules).find((each) => isMap(each) && each.alert === alert)
  if (rule === undefined) throw new Error(`there is no rule ${alert} to edit: ${name}`)
  edit(rule as unknown as Rule)
  if (JSON.stringify(edited) === JSON.stringify(document))
    throw new Error(`the edit changes nothing: ${name}`)
  return edited
}
