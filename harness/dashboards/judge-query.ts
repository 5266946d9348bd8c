import { describeThrown } from '../core/signalproof-error.ts'
import { accountText } from './account-text.ts'
import type { AnswerRow } from './answer-row.ts'
import type { DesignedEmptiness } from './designed-emptiness.ts'
import type { NeverMatched, NeverSeen } from './never-matched.ts'
import type { PanelQuery, PanelSeries } from './panel-record.ts'
import type { PlannedQuery } from './plan-queries.ts'

/** What was found of one query. */
export interface QueryFinding {
  readonly planned: PlannedQuery
  readonly series: readonly PanelSeries[]
  readonly rows?: readonly AnswerRow[]
  /** Why a variable of the query has no value. */
  readonly problem?: string
  /** The datasource's words where it gave no answer. */
  readonly error?: string
}

export interface QueryContext {
  readonly designed: DesignedEmptiness | undefined
  /** What its panel should have shown of a fault and did not, in one line. */
  readonly unmoved: string | undefined
  readonly neverMatched: Pick<NeverMatched, 'partsOf'>
}

type Judged = Pick<PanelQuery, 'verdict' | 'reason'>

/**
 * A name that is nowhere is broken whatever else is said. What is empty, or only 0, is a lie where a fault should have
 * moved it; it is fine where the table says so; and a 0 is fine where every part of the query is known to match.
 */
export async function judgeQuery(finding: QueryFinding, context: QueryContext): Promise<Judged> {
  const { planned, error, problem } = finding
  if (planned.ask === undefined) return broken(planned.refused ?? 'it cannot be asked')
  if (error !== undefined) return broken(refusalOf(planned, error, problem))
  const shows = showsOf(finding)
  if (shows === 'values') return context.unmoved === undefined ? { verdict: 'data' } : zero(context.unmoved)
  const never = await partsOf(planned, context.neverMatched)
  const lacking = never.filter(({ kind, metric }) => kind === 'name' && !isExcused(metric, context.designed))
  if (lacking.length > 0) return broken(unknownNames(planned, lacking))
  if (shows === 'nothing' && problem !== undefined) return broken(withoutValue(planned, problem))
  if (context.unmoved !== undefined) return zero(withParts(context.unmoved, never))
  if (shows === 'zeros' && never.length === 0) return { verdict: 'data' }
  if (context.designed !== undefined) return { verdict: 'empty by design', reason: context.designed.because }
  return shows === 'zeros' ? zero(baseless(planned, never)) : broken(empty(planned, never))
}

const broken = (reason: string): Judged => ({ verdict: 'broken', reason })
const zero = (reason: string): Judged => ({ verdict: 'convincing zero', reason })

function showsOf({ series, rows = [] }: QueryFinding): 'values' | 'zeros' | 'nothing' {
  const values = series.flatMap(({ points }) => points.flatMap(([, value]) => value ?? []))
  if (rows.length > 0 || values.some((value) => value !== 0)) return 'values'
  return values.length > 0 ? 'zeros' : 'nothing'
}

const isExcused = (metric: string | undefined, designed: DesignedEmptiness | undefined): boolean =>
  metric !== undefined && designed?.mayLack.includes(metric) === true

/** A datasource that refuses to narrow a query has not been shown to lack anything. */
async function partsOf(
  { ask }: PlannedQuery,
  neverMatched: QueryContext['neverMatched'],
): Promise<NeverSeen[]> {
  if (ask === undefined) return []
  try {
    return await neverMatched.partsOf(ask)
  } catch (thrown) {
    return [{ kind: 'value', seen: `its parts cannot be asked for: ${describeThrown(thrown)}` }]
  }
}

const seenOf = (never: readonly NeverSeen[]): string => never.map(({ seen }) => seen).join('; ')

const withParts = (account: string, never: readonly NeverSeen[]): string =>
  never.length === 0 ? account : account.replace('; try ', `; ${seenOf(never)}; try `)

const refusalOf = (planned: PlannedQuery, error: string, problem: string | undefined): string => {
  if (problem !== undefined) return withoutValue(planned, `${problem}; then ${error}`)
  const expected = `an answer of ${planned.datasource.uid} to ${planned.sent}`
  return accountText({ expected, seen: error, remedy: 'correct the query' })
}

const withoutValue = ({ sent }: PlannedQuery, problem: string): string =>
  accountText({
    expected: `values for the variables of ${sent}`,
    seen: problem,
    remedy: 'correct the query of the variable',
  })

const unknownNames = ({ sent }: PlannedQuery, never: readonly NeverSeen[]): string =>
  accountText({ expected: `series for ${sent}`, seen: seenOf(never), remedy: 'correct the name' })

const baseless = ({ sent }: PlannedQuery, never: readonly NeverSeen[]): string =>
  accountText({
    expected: `a 0 that something was counted for, of ${sent}`,
    seen: seenOf(never),
    remedy:
      'correct the matcher, or state in the table of panels that are empty by design why there is nothing to count',
  })

function empty({ sent, datasource }: PlannedQuery, never: readonly NeverSeen[]): string {
  const remedy =
    'correct the query, or state in the table of panels that are empty by design why there is nothing'
  const all =
    datasource.type === 'tempo'
      ? 'no trace'
      : 'each part of it matches something, but there is no value in this time'
  return accountText({ expected: `a value of ${sent}`, seen: never.length > 0 ? seenOf(never) : all, remedy })
}
