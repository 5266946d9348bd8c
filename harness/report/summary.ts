import { homedir } from 'node:os'
import { styleText } from 'node:util'
import {
  type ClaimRecord,
  interruptedWords,
  type TimelineRecord,
  type Verdict,
} from '../claims/claim-record.ts'
import { layers } from '../claims/claim-row.ts'
import { formatMs } from '../core/eventually.ts'
import { wrap } from '../core/wrap.ts'
import { writeAlertTable, writeNoiseTable } from './alert-tables.ts'
import { unprovenSignals, writeLoad, writeObjectives } from './load-text.ts'
import { reasonLines } from './reason-lines.ts'
import type { RunResult } from './run-result.ts'

/** What a person reads at the end of a run, fitted to the width of the terminal. */

const signs: Record<Verdict, string> = { proven: '✓', broken: '✗', blocked: '·', skipped: '–' }
const colours: Record<Verdict, 'green' | 'red' | 'yellow' | 'gray'> = {
  proven: 'green',
  broken: 'red',
  blocked: 'yellow',
  skipped: 'gray',
}

export interface SummaryOptions {
  readonly columns: number
  readonly runFolder: string
  /** Where the report of the run lies, or why there is none. */
  readonly report?: string
  /** Lists proven claims too; without it only what is not proven, for readers who saw a line a claim before. */
  readonly listProven?: boolean
}

export function writeSummary(
  result: RunResult,
  { columns, runFolder, report, listProven = true }: SummaryOptions,
): string {
  const width = Math.max(40, Math.min(columns, 120))
  const blocks = [
    writeLayers(result, width, listProven),
    ...result.timelines
      // Outages have their own table; bars for each of them would bury the rest.
      .filter(({ kind }) => kind === 'request')
      .map((timeline) => writeTimeline(timeline, width)),
    writeAlertTable(result),
    writeNoiseTable(result.noise),
    ...(result.load === undefined ? [] : [writeLoad(result.load, width)]),
    writeObjectives(result.slo ?? [], width),
    writeSkipped(result, width),
    writePromises(result, width),
    writeNotes(result, width),
    writeComponents(result, width),
    writeVerdict(result, width, runFolder),
    [
      `${styleText('gray', 'result')} ${runFolder}/result.json`,
      ...(report === undefined ? [] : [`${styleText('gray', 'report')} ${report}`]),
    ].join('\n'),
  ]
  return `\n${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

function writeLayers(result: RunResult, width: number, listProven: boolean): string {
  const known = layers.filter((layer) => result.claims.some((claim) => claim.layer === layer))
  const others = [...new Set(result.claims.map(({ layer }) => layer))].filter(
    (layer) => !known.some((name) => name === layer),
  )
  return [...known, ...others]
    .flatMap((layer) => {
      const claims = result.claims.filter((claim) => claim.layer === layer)
      const proven = claims.filter(({ verdict }) => verdict === 'proven').length
      return [
        `${styleText('bold', layer)} ${styleText('gray', `${proven} of ${claims.length} proven`)}`,
        ...claims
          .filter(({ verdict }) => listProven || verdict !== 'proven')
          .map((claim) => writeClaim(claim, width)),
      ]
    })
    .join('\n')
}

export function writeClaim(claim: ClaimRecord, width: number): string {
  const used =
    claim.usedMs === undefined || claim.worstCaseMs === undefined
      ? ''
      : `${formatMs(claim.usedMs)} of ${formatMs(claim.worstCaseMs)}`
  const detail = claim.verdict === 'proven' ? used : claim.verdict === 'broken' ? 'BROKEN' : claim.verdict
  const sign = styleText(colours[claim.verdict], signs[claim.verdict])
  const id = claim.id.padEnd(36)
  const left = `  ${signs[claim.verdict]} ${id}`
  const room = width - left.length - detail.length - 1
  if (detail === '') return `  ${sign} ${claim.id}`
  return room < 0
    ? `  ${sign} ${claim.id}\n${' '.repeat(4)}${styleText('gray', detail)}`
    : `  ${sign} ${id}${' '.repeat(room)} ${styleText(claim.verdict === 'proven' ? 'gray' : colours[claim.verdict], detail)}`
}

/** A table with bars: what each hop took, against what the configuration allows it. */
export function writeTimeline(timeline: TimelineRecord, width: number): string {
  const longest = Math.max(...timeline.hops.map(({ worstCaseMs, ms }) => Math.max(worstCaseMs, ms)), 1)
  const timeWidth = Math.max(
    8,
    ...timeline.hops.flatMap(({ ms, worstCaseMs }) => [formatMs(ms).length, formatMs(worstCaseMs).length]),
  )
  const barWidth = Math.max(1, Math.min(40, width - 19 - 2 * timeWidth))
  const rows = timeline.hops.map((hop) => {
    const used = Math.round((hop.ms / longest) * barWidth)
    const left = Math.max(0, Math.round((hop.worstCaseMs / longest) * barWidth) - used)
    const bar = `${styleText(colourOf(hop), '█'.repeat(used))}${styleText('gray', '░'.repeat(left))}`
    return `  ${hop.name.padEnd(10)} ${formatMs(hop.ms).padStart(timeWidth)} of ${formatMs(hop.worstCaseMs).padStart(timeWidth)}  ${bar}`
  })
  const total =
    timeline.totalMs === null
      ? `seen as far as ${timeline.hops.at(-1)?.name}`
      : `delivered after ${formatMs(timeline.totalMs)} of ${formatMs(timeline.worstCaseMs)} that the configuration allows`
  return [wrap(`${styleText('bold', timeline.id)} ${styleText('gray', total)}`, width, 0), ...rows].join('\n')
}

/** Within what the configuration allows, within the allowance for the work on top, or beyond both. */
const colourOf = ({
  ms,
  worstCaseMs,
  deadlineMs,
}: TimelineRecord['hops'][number]): 'green' | 'yellow' | 'red' =>
  ms <= worstCaseMs ? 'green' : ms <= deadlineMs ? 'yellow' : 'red'

function writePromises(result: RunResult, width: number): string {
  if (result.promises.length === 0) return ''
  const rows = result.promises.map(
    ({ id, profile, worstCaseMs, promisedMs }) =>
      `  ${worstCaseMs <= promisedMs ? styleText('green', '✓') : styleText('red', '✗')} ${id} in ${profile}: at worst ${formatMs(worstCaseMs)}, promised ${formatMs(promisedMs)}`,
  )
  return [styleText('bold', 'promises'), ...rows.map((row) => wrap(row, width, 0))].join('\n')
}

/** One paragraph a reason: an environment that lacks something skips many claims for it. */
function writeSkipped({ claims }: RunResult, width: number): string {
  const skipped = claims.filter(({ verdict }) => verdict === 'skipped')
  if (skipped.length === 0) return ''
  const byReason = Map.groupBy(skipped, ({ reason }) => reason ?? 'no reason is known')
  return [
    styleText('bold', 'skipped'),
    ...[...byReason].map(([reason, of]) => wrap(`${reason}: ${of.map(({ id }) => id).join(', ')}`, width, 2)),
  ].join('\n')
}

function writeNotes(result: RunResult, width: number): string {
  if (result.notes.length === 0) return ''
  return [
    styleText('bold', 'notes'),
    ...result.notes.map(({ id, text }) => wrap(`${id}: ${text}`, width, 2)),
  ].join('\n')
}

function writeComponents({ components }: RunResult, width: number): string {
  const widest = (least: number, texts: readonly string[]) =>
    texts.reduce((most, text) => Math.max(most, text.length), least)
  const nameWidth = widest(
    14,
    components.map(({ name }) => name),
  )
  const versionWidth = widest(
    10,
    components.map(({ version }) => version),
  )
  const rows = components.map(({ name, version, provenance, location }) => {
    const columns = [name.padEnd(nameWidth), version.padEnd(versionWidth), provenance.padEnd(10)]
    const aligned = `  ${columns.join(' ')} `
    const left = aligned.trimEnd().length <= width ? aligned : `  ${name} ${version} ${provenance}`
    const place = location.startsWith(`${homedir()}/`) ? `~${location.slice(homedir().length)}` : location
    return left.length + place.length <= width ? `${left}${place}` : left.trimEnd()
  })
  return [styleText('bold', 'components'), ...rows].join('\n')
}

function writeVerdict(result: RunResult, width: number, runFolder: string): string {
  const overlap = result.wallMs > 0 ? (result.claimsMs / result.wallMs).toFixed(1) : '0'
  const times = `wall ${formatMs(result.wallMs)}, ready after ${result.readyMs === null ? 'never' : formatMs(result.readyMs)}, critical path ${formatMs(result.criticalPathMs)}, claims ${formatMs(result.claimsMs)} (${overlap} × wall)`
  const set =
    result.set.length === 0 ? [] : [`with ${result.set.map((text) => `--set ${asTyped(text)}`).join(' ')}`]
  return [
    verdictLines(result, width, runFolder),
    ...(result.unproven === true ? [styleText(['bold', 'yellow'], wrap(unprovenSignals, width, 0))] : []),
    wrap(times, width, 0),
    ...set.map((line) => wrap(line, width, 0)),
  ].join('\n')
}

function verdictLines(result: RunResult, width: number, runFolder: string): string {
  const count = (verdict: Verdict) => result.claims.filter((claim) => claim.verdict === verdict).length
  if (result.verdict === 'proven') {
    const skipped = count('skipped')
    return styleText(
      ['bold', 'green'],
      `PROVEN  ${count('proven')} claims${skipped === 0 ? '' : `, ${skipped} skipped`}`,
    )
  }
  if (result.verdict === 'invalid') {
    const why = [reasonLines(result.invalidBecause ?? ''), ...brokenBefore(result)]
    return [
      styleText(['bold', 'yellow'], 'INVALID  nothing is said about the stack'),
      ...why.map((text) => wrap(text, width, 2)),
    ].join('\n')
  }
  const first = result.claims.find(({ id }) => id === result.firstBroken)
  const others = `${count('broken')} broken, ${count('blocked')} blocked behind them, ${count('proven')} proven`
  const files = first?.evidence ?? []
  const folder = `${runFolder}/evidence/${first?.id}/ (${files.length} files)`
  const evidence = files.length === 0 ? '' : `\n${wrap(`evidence: ${folder}`, width, 2)}`
  const head = `${styleText(['bold', 'red'], `BROKEN  first at ${result.firstBroken}`)}  ${others}`
  return `${wrap(head, width, 0)}\n${wrap(`the claim: ${first?.title ?? ''}`, width, 2)}\n${wrap(reasonLines(first?.reason ?? ''), width, 2)}${evidence}`
}

/** Of a run that was interrupted: no verdict, but nobody has to run it again to know that much. */
function brokenBefore({ claims, invalidBecause }: RunResult): string[] {
  const [first, ...others] = claims.filter(({ verdict }) => verdict === 'broken')
  if (first === undefined || invalidBecause !== interruptedWords) return []
  const more = others.length === 0 ? '' : `, and ${others.length} more`
  return [`before that ${first.id} was broken${more}:`, reasonLines(first.reason ?? '')]
}

/** As it is typed into a shell. */
const asTyped = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
