import { formatDuration } from '../../core/prometheus-duration.ts'
import type { RunResult } from '../run-result.ts'
import { type Markup, markup } from './markup.ts'
import type { ReportInput } from './report-input.ts'
import { badge, counted, scrolled, section, time } from './words.ts'

/** The load, and who counted which of its requests. */

type Load = NonNullable<RunResult['load']>

export function loadSection({
  result,
  accounts,
}: Pick<ReportInput, 'result' | 'accounts'>): Markup | undefined {
  const { load } = result
  if (load === undefined) return undefined
  const { workload, ratePerSecond, durationMs } = load.request
  return section(
    'load',
    'Load and its accounts',
    `${workload}, up to ${ratePerSecond}/s for ${formatDuration(durationMs)}.`,
    markup`${basis(load)}${generator(load)}${faults(load)}${accounts !== undefined && accountTables(accounts)}`,
  )
}

function basis({ signals }: Load): Markup | undefined {
  if (signals.basis === 'accepted run')
    return markup`<p>On the signals that run <code>${signals.runId}</code> proved at ${signals.provenAt}.</p>`
  return signals.basis === 'unproven'
    ? markup`<p class="unproven">Nobody asked whether the signals are true.</p>`
    : undefined
}

const isFailure = (status: number): boolean => status === 0 || status >= 500

const sum = (counts: readonly { readonly count: number }[]): number =>
  counts.reduce((total, { count }) => total + count, 0)

function generator({ generator: seen }: Load): Markup {
  if (seen === undefined) return markup`<p>The generator was not started.</p>`
  const { answers, latencyByRoute, dropped, window, cpu, thresholds } = seen
  const routes = [...Map.groupBy(answers, ({ method, route }) => `${method} ${route}`)]
  const system = Object.entries(cpu.systemSeconds).sort(([, a], [, b]) => b - a)
  return markup`<p>${counted(sum(answers), 'request')} in ${time(window.endedAt - window.startedAt)}, ${sum(answers.filter(({ status }) => isFailure(status)))} failed, ${dropped} dropped. ${thresholds.map(({ metric, threshold, held }) => markup`<code>${metric} ${threshold}</code> ${badge(held ? 'proven' : 'broken', held ? 'held' : 'missed')} `)}</p>
${scrolled(
  'Latency at the client by route',
  markup`<table class="plain"><caption>At the client, by route</caption><thead><tr><th scope="col">route</th><th scope="col" class="number">requests</th><th scope="col" class="number">failed</th><th scope="col" class="number">p50</th><th scope="col" class="number">p95</th><th scope="col" class="number">p99</th></tr></thead><tbody>${routes.map(
    ([name, of]) => {
      const { p50, p95, p99 } = latencyByRoute[of[0]?.route ?? ''] ?? {}
      return markup`<tr><th scope="row">${name}</th><td class="number">${sum(of)}</td><td class="number">${sum(of.filter(({ status }) => isFailure(status)))}</td>${[p50, p95, p99].map((ms) => markup`<td class="number">${ms === undefined ? '–' : `${ms.toFixed(1)} ms`}</td>`)}</tr>`
    },
  )}</tbody></table>`,
)}
<p class="small">CPU on ${cpu.cores} cores: the generator ${cpu.generatorSeconds.toFixed(1)} s${system.map(([name, used]) => `, ${name} ${used.toFixed(1)} s`)}</p>`
}

function faults({ faults: made = [] }: Load): Markup[] {
  return made.map(
    ({ app, route, status, matched, injected }) =>
      markup`<p>${app} ${route}: ${injected} of ${matched} requests ${status === null ? 'made late' : `answered with ${status}`} on purpose.</p>`,
  )
}

function accountTables({ balance, drainedMs }: NonNullable<ReportInput['accounts']>): Markup {
  const { rows, ingressRows, partedAt } = balance
  const agreed =
    partedAt === null
      ? markup`<p>${badge('proven', 'equal')} Every place counted the same${drainedMs !== null && `, ${time(drainedMs)} after the load`}.</p>`
      : markup`<div>${badge('broken', 'parted')} The accounts part at ${partedAt.place}:<ul>${partedAt.words.map((words) => markup`<li>${words}</li>`)}</ul></div>`
  const cell = (count: number, wanted: number) =>
    markup`<td class="number${count !== wanted && ' differs'}">${count}${count !== wanted && markup`<span class="sr"> differs</span>`}</td>`
  return markup`${agreed}
${scrolled(
  'Accounts by route',
  markup`<table class="plain"><caption>Who counted it, by route</caption><thead><tr><th scope="col">app</th><th scope="col">answer</th><th scope="col" class="number">k6</th><th scope="col" class="number">caused</th><th scope="col" class="number">app</th><th scope="col" class="number">Prometheus</th><th scope="col" class="number">Loki</th></tr></thead><tbody>${rows.map(
    ({ app, method, route, status, client, caused, counts }) =>
      markup`<tr><th scope="row">${app}</th><td>${method} ${route} <b>${status === 0 ? 'none' : status}</b></td><td class="number">${client}</td><td class="number">${caused}</td>${cell(counts.app, client + caused)}${cell(counts.prometheus, counts.app)}${cell(counts.loki, counts.app)}</tr>`,
  )}</tbody></table>`,
)}
${scrolled(
  'Accounts at the ingress',
  markup`<table class="plain"><caption>At the ingress, which knows no routes</caption><thead><tr><th scope="col">app</th><th scope="col">answer</th><th scope="col" class="number">k6</th><th scope="col" class="number">caused</th><th scope="col" class="number">ingress</th></tr></thead><tbody>${ingressRows.map(
    ({ app, method, status, client, caused, ingress }) =>
      markup`<tr><th scope="row">${app}</th><td>${method} <b>${status === 0 ? 'none' : status}</b></td><td class="number">${client}</td><td class="number">${caused}</td>${cell(ingress, client + caused)}</tr>`,
  )}</tbody></table>`,
)}`
}
