import type { Verdict } from '../../claims/claim-record.ts'
import { formatMs } from '../../core/eventually.ts'
import { unprovenSignals } from '../load-text.ts'
import type { RunResult } from '../run-result.ts'

/** What a person reads on the page of a CI job, in GitHub's Markdown: the answer first, everything else folded away below it. */

const signs: Record<Verdict, string> = { proven: '✅', broken: '❌', blocked: '⏸️', skipped: '⏭️' }

export function writeJobSummary(result: RunResult): string {
  const set =
    result.set.length === 0 ? '' : ` with ${result.set.map((text) => code(`--set ${text}`)).join(' ')}`
  return [
    `## ${headline(result)}`,
    ...(result.unproven === true ? [`> [!WARNING]\n> ${unprovenSignals}`] : []),
    ...answer(result),
    `${code(`--env ${result.environment} --profile ${result.profile}`)}${set}: wall ${formatMs(result.wallMs)}, ready after ${result.readyMs === null ? 'never' : formatMs(result.readyMs)}`,
    layerTable(result),
    ...folded('not proven', notProven(result)),
    ...folded('faults, from the answer to the delivered notification', timelineTable(result)),
    ...folded('objectives', objectiveTable(result)),
    ...folded('components', componentTable(result)),
    '',
  ].join('\n\n')
}

function headline(result: RunResult): string {
  const proven = result.claims.filter(({ verdict }) => verdict === 'proven').length
  if (result.verdict === 'proven') return `✅ proven: ${proven} of ${result.claims.length} claims`
  if (result.verdict === 'invalid') return '⚠️ invalid: nothing is said about the stack'
  return `❌ broken: first at ${code(result.firstBroken ?? '')}`
}

/** The first broken claim with its sentence and reason, or why nothing is said. */
function answer(result: RunResult): string[] {
  if (result.verdict === 'invalid') return [fence(result.invalidBecause ?? '')]
  const first = result.claims.find(({ id }) => id === result.firstBroken)
  if (first === undefined) return []
  const behind = result.claims.filter(({ verdict }) => verdict === 'blocked').length
  const blocks = behind === 0 ? '' : ` ${behind} claims were not judged because of what is broken.`
  return [`The claim: ${text(first.title)}.${blocks}`, fence(first.reason ?? '')]
}

function layerTable({ claims }: RunResult): string {
  const layers = Map.groupBy(claims, ({ layer }) => layer)
  const count = (of: RunResult['claims'], verdict: Verdict) =>
    String(of.filter((claim) => claim.verdict === verdict).length)
  return table(
    ['layer', 'proven', 'broken', 'blocked', 'skipped'],
    [...layers].map(([layer, of]) => [
      layer,
      count(of, 'proven'),
      count(of, 'broken'),
      count(of, 'blocked'),
      count(of, 'skipped'),
    ]),
  )
}

const notProven = ({ claims }: RunResult): string =>
  table(
    ['', 'claim', 'why'],
    claims
      .filter(({ verdict }) => verdict !== 'proven')
      .map(({ id, verdict, reason }) => [
        signs[verdict],
        code(id),
        text((reason ?? '').split('\n')[0] ?? ''),
      ]),
  )

const timelineTable = ({ timelines }: RunResult): string =>
  table(
    ['fault', 'alert', 'took', 'at worst', 'slowest hop'],
    timelines.map(({ id, alert, totalMs, worstCaseMs, hops }) => {
      const slowest = hops.reduce<(typeof hops)[number] | undefined>(
        (most, hop) => (most === undefined || hop.ms > most.ms ? hop : most),
        undefined,
      )
      const hop = slowest === undefined ? '' : `${slowest.name} ${formatMs(slowest.ms)}`
      return [
        text(id),
        alert,
        totalMs === null ? 'not delivered' : formatMs(totalMs),
        formatMs(worstCaseMs),
        hop,
      ]
    }),
  )

const objectiveTable = ({ slo = [] }: RunResult): string =>
  table(
    ['', 'objective', 'bad of all', 'budget spent'],
    slo.map(({ name, held, bad, total, budgetSpent }) => [
      signs[held ? 'proven' : 'broken'],
      text(name),
      `${bad} of ${total}`,
      `${(100 * budgetSpent).toFixed(1)} %`,
    ]),
  )

const componentTable = ({ components }: RunResult): string =>
  table(
    ['component', 'version', 'from'],
    components.map(({ name, version, provenance }) => [text(name), text(version), provenance]),
  )

/** Nothing at all where there is no row. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

const folded = (title: string, content: string): string[] =>
  content === '' ? [] : [`<details><summary>${title}</summary>\n\n${content}\n\n</details>`]

/** Foreign text in a cell or a sentence: it must neither end the cell nor become markup. */
const text = (raw: string): string =>
  raw
    .replaceAll(/[\\`*_[\]<>|~#&]/g, (char) => `&#${char.codePointAt(0)};`)
    .replaceAll('@', '&#64;')
    .replaceAll(/\s+/g, ' ')

const code = (raw: string): string => `<code>${text(raw)}</code>`

/** A block that no text in it can end. */
function fence(raw: string): string {
  const longest = Math.max(2, ...[...raw.matchAll(/`+/g)].map(([run]) => run.length))
  const marks = '`'.repeat(longest + 1)
  return `${marks}text\n${raw}\n${marks}`
}
