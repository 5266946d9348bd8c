import { join } from 'node:path'
import { expect, test } from 'vitest'
import { getAtPath } from '../config/document-path.ts'
import { loadConfig } from '../config/load-config.ts'
import { applySetOptions, parseSetOption } from '../config/set-option.ts'
import { readStackDocuments } from '../config/stack-documents.ts'
import { applyProfile } from '../config/time-profiles.ts'
import { parseDurationMs } from '../core/prometheus-duration.ts'
import { deliveryWorstCase } from './hops.ts'
import { judgePromises, leakyInhibitions, undeliverableAlerts } from './judgements.ts'
import { readDocumentTimings, ruleOf } from './pipeline-timings.ts'

/** What the configuration in git says about itself, before any component has read it. */

const project = await loadConfig(join(import.meta.dirname, '..', '..'))
const { alerts, promises } = project.config
const git = readStackDocuments(project)
const profiles = ['fast', 'production'] as const

/** The timings of a profile, with `--set` options applied as a run applies them. */
const timingsIn = (profile: (typeof profiles)[number], ...set: string[]) =>
  readDocumentTimings(applySetOptions(applyProfile(profile, git), set.map(parseSetOption)))

test.each(profiles)('%s keeps every promise, even in the worst case', (profile) => {
  const judgements = judgePromises(promises, profile, timingsIn(profile))
  expect(judgements.length).toBeGreaterThan(0)
  expect(judgements.filter(({ kept }) => !kept)).toEqual([])
})

test.each(profiles)('%s can deliver every alert on a window, and there are some', (profile) => {
  const timings = timingsIn(profile)
  expect(timings.rules.filter(({ windowMs }) => windowMs !== null).length).toBeGreaterThan(1)
  expect(undeliverableAlerts(timings)).toEqual([])
})

test.each(profiles)(
  '%s: the page is there before its ticket goes out, and stays until that is over',
  (profile) => {
    expect(leakyInhibitions(timingsIn(profile), alerts.page, alerts.logBurst)).toEqual([])
  },
)

/** The settings that a log line waits for on its way to the delivered ticket. */
const ticketSettings = [
  ['collector', 'receivers.file_log.poll_interval'],
  ['collector', 'exporters.otlp_http/loki.sending_queue.batch.flush_timeout'],
  ['loki', 'ruler.evaluation_interval'],
  ['alertmanager', 'route.routes.ticket.group_wait'],
] as const

test.each(profiles)('%s: the worst case of the ticket is what its settings add up to', (profile) => {
  const documents = applyProfile(profile, git)
  const timings = readDocumentTimings(documents)
  const rule = ruleOf(timings, alerts.logBurst)
  const routes = timings.routing.routesFor(rule.labels)
  const settingsMs = ticketSettings.map(([name, path]) =>
    parseDurationMs(String(getAtPath(documents[name], path))),
  )
  const emitterFlushMs = 100
  expect(routes.map(({ receiver }) => receiver)).toEqual([alerts.receivers.ticket])
  for (const route of routes) {
    expect(deliveryWorstCase({ timings, rule, route, groupExists: false }).worstCaseMs).toBe(
      settingsMs.reduce<number>((sum, ms) => sum + (ms ?? Number.NaN), emitterFlushMs),
    )
  }
})

test('every alert reaches a receiver that Alertmanager has, and the page the one for pages', () => {
  const { rules, routing } = timingsIn('production')
  const { receivers } = git.alertmanager as { receivers: { name: string }[] }
  for (const { alert, labels } of rules) {
    for (const { receiver } of routing.routesFor(labels))
      expect(
        receivers.map(({ name }) => name),
        alert,
      ).toContain(receiver)
  }
  const page = ruleOf({ rules }, alerts.page)
  expect(routing.routesFor(page.labels).map(({ receiver }) => receiver)).toEqual([alerts.receivers.page])
})

test.each(profiles)(
  '%s with `for: 1h` could never deliver the ticket, and says which setting that is',
  (profile) => {
    const timings = timingsIn(profile, `log-rules:groups.log-errors.rules.${alerts.logBurst}.for=1h`)
    expect(undeliverableAlerts(timings)).toEqual([
      expect.stringMatching(/^LogsErrorBurst → ticket: .* `for: 1h`$/),
    ])
  },
)

test('a group_wait of 35 s breaks the promise of production, and is named', () => {
  const set = 'alertmanager:route.routes.ticket.group_wait=35s'
  expect(judgePromises(promises, 'production', timingsIn('production', set))).toMatchObject([
    { kept: false, worstCaseMs: 45_500, promisedMs: 45_000, dominatedBy: 'group_wait (35.0 s)' },
  ])
})

test('a ticket that does not wait for its page is named', () => {
  const timings = timingsIn('fast', 'alertmanager:route.routes.ticket.group_wait=500ms')
  expect(leakyInhibitions(timings, alerts.page, alerts.logBurst)).toEqual([
    expect.stringMatching(
      /^AppErrorRatioHigh needs up to .* but LogsErrorBurst waits only 500 ms \(group_wait\)$/,
    ),
  ])
})
