import type { PanelRecord } from '../../../dashboards/panel-record.ts'
import type { ResultClaim, RunResult } from '../../run-result.ts'
import type { ReportInput } from '../report-input.ts'

/** What differs between two runs, as plain data: what a reader has to know first is first. */

/** One side of a comparison. */
export type ComparedRun = Pick<ReportInput, 'result' | 'panels'>

type Verdict = ResultClaim['verdict']

/** Null on the side whose run did not have it. */
export interface Pair<T> {
  readonly before: T | null
  readonly after: T | null
}

export interface ClaimChange extends Pair<Verdict> {
  readonly id: string
  readonly title: string
  /** Why it is not proven now, or was not before. */
  readonly reason: string | undefined
}

export interface HopChange extends Pair<number> {
  readonly name: string
  /** The worst case of the run after; of the one before where it is not there. */
  readonly worstCaseMs: number
  readonly deadlineMs: number
}

export interface TimelineChange {
  readonly id: string
  readonly hops: readonly HopChange[]
}

export interface FigureOfRun extends Pair<number> {
  readonly name: string
}

export interface PanelChange extends Pair<PanelRecord['verdict']> {
  readonly dashboard: string
  readonly title: string
  readonly reason: string | undefined
}

export interface ObjectiveChange {
  readonly name: string
  readonly spent: Pair<number>
  readonly held: Pair<boolean>
}

export interface NamedChange extends Pair<string> {
  readonly name: string
}

export interface RunChanges {
  readonly claims: readonly ClaimChange[]
  /** How many claims both runs judged alike. */
  readonly sameClaims: number
  readonly timelines: readonly TimelineChange[]
  readonly figures: readonly FigureOfRun[]
  readonly panels: readonly PanelChange[]
  readonly objectives: readonly ObjectiveChange[]
  /** What was set or installed otherwise. */
  readonly settings: readonly NamedChange[]
}

export function changesBetween(before: ComparedRun, after: ComparedRun): RunChanges {
  const claims = claimChanges(before.result, after.result)
  return {
    claims: claims.filter((claim) => claim.before !== claim.after).sort(worstFirst),
    sameClaims: claims.filter((claim) => claim.before === claim.after).length,
    timelines: timelineChanges(before.result, after.result),
    figures: figures(before.result, after.result),
    panels: panelChanges(before, after),
    objectives: objectiveChanges(before.result, after.result),
    settings: settingChanges(before.result, after.result),
  }
}

/** Everything that either side has, in the order of the newer one, by name. */
function paired<T>(
  before: readonly T[],
  after: readonly T[],
  nameOf: (one: T) => string,
): { readonly name: string; readonly before: T | null; readonly after: T | null }[] {
  const [was, is] = [before, after].map((side) => new Map(side.map((one) => [nameOf(one), one]))) as [
    Map<string, T>,
    Map<string, T>,
  ]
  return [...new Set([...is.keys(), ...was.keys()])].map((name) => ({
    name,
    before: was.get(name) ?? null,
    after: is.get(name) ?? null,
  }))
}

const claimChanges = (before: RunResult, after: RunResult): ClaimChange[] =>
  paired(before.claims, after.claims, ({ id }) => id).map(({ name, before: was, after: is }) => ({
    id: name,
    title: is?.title ?? was?.title ?? '',
    before: was?.verdict ?? null,
    after: is?.verdict ?? null,
    reason: is === null ? was?.reason : (is.reason ?? was?.reason),
  }))

/** Now broken, then blocked, then what became good; what only one of them has says least. */
const ranks: Readonly<Record<Verdict, number>> = { broken: 0, blocked: 1, proven: 2, skipped: 3 }

const rankOf = ({ before, after }: Pair<Verdict>): number =>
  before === null || after === null ? 4 + (after === 'broken' ? -4 : 0) : ranks[after]

const worstFirst = (a: ClaimChange, b: ClaimChange): number => rankOf(a) - rankOf(b)

/** Timelines that both runs have: a fault that only one of them made has nothing to be compared with. */
const timelineChanges = (before: RunResult, after: RunResult): TimelineChange[] =>
  paired(before.timelines, after.timelines, ({ id, alert }) => `${id} ${alert}`).flatMap(
    ({ before: was, after: is }) => {
      if (was === null || is === null) return []
      const hops = paired(was.hops, is.hops, ({ name }) => name).map(
        ({ name, before: one, after: other }) => ({
          name,
          before: one?.ms ?? null,
          after: other?.ms ?? null,
          worstCaseMs: other?.worstCaseMs ?? one?.worstCaseMs ?? 0,
          deadlineMs: other?.deadlineMs ?? one?.deadlineMs ?? 0,
        }),
      )
      return [{ id: is.id, hops }]
    },
  )

const figures = (before: RunResult, after: RunResult): FigureOfRun[] => [
  { name: 'ready after', before: before.readyMs, after: after.readyMs },
  { name: 'wall', before: before.wallMs, after: after.wallMs },
  { name: 'critical path', before: before.criticalPathMs, after: after.criticalPathMs },
  { name: 'claims together', before: before.claimsMs, after: after.claimsMs },
]

const panelChanges = (before: ComparedRun, after: ComparedRun): PanelChange[] =>
  paired(
    before.panels?.panels ?? [],
    after.panels?.panels ?? [],
    ({ dashboard, id, title }) => `${dashboard.uid} ${id} ${title}`,
  ).flatMap(({ before: was, after: is }) => {
    if (before.panels === undefined || after.panels === undefined || was?.verdict === is?.verdict) return []
    const panel = is ?? was
    return panel === null
      ? []
      : [
          {
            dashboard: panel.dashboard.title,
            title: panel.title,
            before: was?.verdict ?? null,
            after: is?.verdict ?? null,
            reason: panel.reason,
          },
        ]
  })

const objectiveChanges = (
  { slo: before = [] }: RunResult,
  { slo: after = [] }: RunResult,
): ObjectiveChange[] =>
  paired(before, after, ({ name }) => name).map(({ name, before: was, after: is }) => ({
    name,
    spent: { before: was?.budgetSpent ?? null, after: is?.budgetSpent ?? null },
    held: { before: was?.held ?? null, after: is?.held ?? null },
  }))

function settingChanges(before: RunResult, after: RunResult): NamedChange[] {
  const settingsOf = ({ environment, profile, digest, set, components }: RunResult) => [
    { name: 'environment', value: environment },
    { name: 'profile', value: profile },
    { name: 'configuration', value: digest },
    ...set.map((one) => ({ name: `--set ${one.split('=')[0]}`, value: one.split('=').slice(1).join('=') })),
    ...components.map(({ name, version, provenance }) => ({ name, value: `${version}, ${provenance}` })),
  ]
  return paired(settingsOf(before), settingsOf(after), ({ name }) => name).flatMap(
    ({ name, before: was, after: is }) =>
      was?.value === is?.value ? [] : [{ name, before: was?.value ?? null, after: is?.value ?? null }],
  )
}
