import { type ClaimRecord, interruptedWords, type RecordEntry } from '../claims/claim-record.ts'
import type { RunSeed } from '../claims/run.ts'
import { redact } from '../core/redaction.ts'
import { type LoadFindings, type LoadResult, loadResult, mergeFindings } from '../load/load-report.ts'
import type { ObjectiveVerdict } from '../slo/verdict.ts'

/** result.json: what a run found, made from its record and nothing else. */

export const resultSchemaVersion = 1

export type RunVerdict = 'proven' | 'broken' | 'invalid'
type Entry<K extends RecordEntry['kind']> = Extract<RecordEntry, { kind: K }>

export interface RunResult {
  readonly schemaVersion: typeof resultSchemaVersion
  readonly runId: string
  readonly startedAt: string
  readonly environment: string
  readonly profile: string
  /** Of the configuration in force: two runs of one digest are of the same stack. */
  readonly digest: string
  readonly verdict: RunVerdict
  readonly firstBroken: string | null
  /** Why nothing is said about the stack, when the verdict is `invalid`. */
  readonly invalidBecause?: string
  readonly wallMs: number
  readonly readyMs: number | null
  /** The longest chain of claims that wait for one another, with the start of the environment. */
  readonly criticalPathMs: number
  readonly criticalPath: readonly string[]
  /** What the claims took together: more than the wall, since they overlap. */
  readonly claimsMs: number
  readonly claims: readonly ResultClaim[]
  readonly timelines: readonly Entry<'timeline'>['timeline'][]
  readonly alerts: { readonly expected: readonly unknown[]; readonly seen: readonly unknown[] }
  /** What became of each alert that git has a rule for; empty where not all of them were raised in this run. */
  readonly alertTable: readonly Entry<'alert-table'>['alerts'][number][]
  /** What people were told of each incident, here and without grouping and inhibition. */
  readonly noise: readonly Entry<'noise'>['incidents'][number][]
  readonly notifications: readonly unknown[]
  readonly notes: readonly { readonly id: string; readonly text: string }[]
  readonly set: readonly string[]
  /** There in a run that a load was asked for: `generator` only where it was started. */
  readonly load?: LoadResult
  /** The objectives under the load, once they were judged. */
  readonly slo?: readonly ObjectiveVerdict[]
  /** Nobody asked whether the signals are true: figures of the load may be of another world. */
  readonly unproven?: true
  /** There once the panels of the dashboards were run. */
  readonly panels?: Entry<'panels'>['panels']
  readonly promises: readonly Entry<'promises'>['promises'][number][]
  readonly components: RunSeed['environment']['components']
}

/** A judged claim with its place in the chain: what it needs, and what it waits for without needing it. */
export interface ResultClaim extends Omit<ClaimRecord, 'environmentFailed'> {
  readonly needs: readonly string[]
  readonly after: readonly string[]
}

export interface RunFacts {
  readonly seed: RunSeed
  readonly record: readonly RecordEntry[]
  /** Epoch ms. */
  readonly endedAt: number
  /** What went wrong outside of the claims: a scenario file that does not load, an error nobody caught. */
  readonly outsideClaims: readonly string[]
  /** The run was ended before its claims were. */
  readonly interrupted: boolean
}

export function makeResult({ seed, record, endedAt, outsideClaims, interrupted }: RunFacts): RunResult {
  const all = <K extends RecordEntry['kind']>(kind: K) =>
    record.filter((entry): entry is Entry<K> => entry.kind === kind)
  const selected = all('selected').flatMap((entry) => entry.claims)
  const judged = new Map(judgements(record).map((claim) => [claim.id, claim]))
  const claims = selected.flatMap(({ id, needs, after }) => {
    const claim = judged.get(id)
    return claim === undefined ? [] : [{ ...claim, needs, after }]
  })
  const invalidBecause =
    whyInvalid(record, claims, outsideClaims, interrupted, selected.length) ?? whyNotLoaded(seed, claims)
  // Of a stack whose environment failed nothing is said, and no claim is blamed.
  const firstBroken =
    invalidBecause === undefined ? (claims.find(({ verdict }) => verdict === 'broken')?.id ?? null) : null
  const { startedAt } = seed.environment
  const path = criticalPath(selected, judged)
  const clean = (text: string) =>
    redact(text, [seed.environment.faultToken, seed.environment.supervisor.token])
  const alerts = all('alerts').at(-1)
  const readyMs = all('environment-ready').at(-1)?.afterMs ?? null
  return {
    schemaVersion: resultSchemaVersion,
    runId: seed.runId,
    startedAt: new Date(startedAt).toISOString(),
    environment: seed.environment.kind,
    profile: seed.environment.profile,
    digest: seed.environment.digest,
    verdict: invalidBecause !== undefined ? 'invalid' : firstBroken === null ? 'proven' : 'broken',
    firstBroken,
    ...(invalidBecause === undefined ? {} : { invalidBecause: clean(invalidBecause) }),
    wallMs: endedAt - startedAt,
    readyMs,
    criticalPathMs: Math.min(endedAt, ...claims.map((claim) => claim.startedAt)) - startedAt + path.ms,
    criticalPath: path.ids,
    claimsMs: claims.reduce((sum, { ms }) => sum + ms, 0),
    claims: claims.map(({ environmentFailed: _, ...claim }) =>
      claim.reason === undefined ? claim : { ...claim, reason: clean(claim.reason) },
    ),
    timelines: all('timeline').map(({ timeline }) => timeline),
    alerts: { expected: alerts?.expected ?? [], seen: alerts?.seen ?? [] },
    alertTable: all('alert-table').at(-1)?.alerts ?? [],
    noise: all('noise').at(-1)?.incidents ?? [],
    notifications: all('notifications').at(-1)?.notifications ?? [],
    notes: all('note').map(({ id, text }) => ({ id, text: clean(text) })),
    set: seed.environment.set,
    ...loadSections(seed, record),
    ...panelsSection(record, clean),
    promises: all('promises').flatMap(({ promises }) => promises),
    components: seed.environment.components,
  }
}

function loadSections(
  { load }: RunSeed,
  record: readonly RecordEntry[],
): Pick<RunResult, 'load' | 'slo' | 'unproven'> {
  if (load === undefined) return {}
  const objectives = record.findLast((entry) => entry.kind === 'slo')
  return {
    load: loadResult(load, findingsOf(record)),
    ...(objectives?.kind === 'slo' ? { slo: objectives.objectives } : {}),
    ...(load.signals.basis === 'unproven' ? { unproven: true } : {}),
  }
}

function panelsSection(
  record: readonly RecordEntry[],
  clean: (text: string) => string,
): Pick<RunResult, 'panels'> {
  const entry = record.findLast((each) => each.kind === 'panels')
  if (entry?.kind !== 'panels') return {}
  const broken = entry.panels.broken.map((panel) => ({ ...panel, reason: clean(panel.reason) }))
  return { panels: { ...entry.panels, broken } }
}

const findingsOf = (record: readonly RecordEntry[]): LoadFindings =>
  mergeFindings(record.flatMap((entry) => (entry.kind === 'load' ? [entry.load] : [])))

/** load.json: everything that is known of the load, all rows of its accounts included; undefined in a run without one. */
export function makeLoadFile(result: RunResult, record: readonly RecordEntry[]): unknown {
  const { schemaVersion, runId, startedAt, environment, profile, digest, verdict, set } = result
  const { load, slo = [], unproven } = result
  if (load === undefined) return undefined
  const run = { schemaVersion, runId, startedAt, environment, profile, digest, verdict, set }
  return { ...run, ...(unproven === undefined ? {} : { unproven }), ...load, ...findingsOf(record), slo }
}

/** A claim that broke after the environment had failed saw it go down: it says nothing about the stack. */
function judgements(record: readonly RecordEntry[]): ClaimRecord[] {
  const failedAt = record.findIndex(({ kind }) => kind === 'environment-failed')
  return record.flatMap((entry, index) => {
    if (entry.kind !== 'claim') return []
    const sawItsEnd = failedAt !== -1 && index > failedAt && entry.claim.verdict === 'broken'
    return [
      sawItsEnd ? { ...entry.claim, verdict: 'blocked' as const, environmentFailed: true } : entry.claim,
    ]
  })
}

function whyInvalid(
  record: readonly RecordEntry[],
  claims: readonly ClaimRecord[],
  outsideClaims: readonly string[],
  interrupted: boolean,
  selected: number,
): string | undefined {
  if (interrupted) return interruptedWords
  const failed = record.find((entry) => entry.kind === 'environment-failed')
  if (failed?.kind === 'environment-failed') return failed.message
  const [outside] = outsideClaims
  if (outside !== undefined) return outside
  const blocked = claims.find(({ environmentFailed }) => environmentFailed === true)
  if (blocked !== undefined) return blocked.reason ?? `${blocked.id} could not be judged`
  if (claims.length < selected) return `${selected - claims.length} of ${selected} claims were not judged`
  return claims.some(({ verdict }) => verdict !== 'skipped') ? undefined : 'no claim was judged'
}

/** A load that was asked for and not made proves nothing, whatever was proven beside it. */
function whyNotLoaded({ load }: RunSeed, claims: readonly ClaimRecord[]): string | undefined {
  if (load === undefined) return undefined
  const ofLoad = claims.filter(({ layer }) => layer === 'load')
  if (ofLoad.some(({ verdict }) => verdict !== 'skipped')) return undefined
  return `no load was made: ${ofLoad[0]?.reason ?? 'no claim about it is among the scenarios'}`
}

/** The chain of claims that waited for one another and took longest. */
function criticalPath(
  selected: readonly { id: string; needs: readonly string[]; after: readonly string[] }[],
  judged: ReadonlyMap<string, ClaimRecord>,
): Path {
  const known = new Map<string, Path>()
  const edgesOf = new Map(selected.map(({ id, needs, after }) => [id, { needs, after }]))
  /** To the start of a claim. */
  const pathTo = (id: string): Path => {
    const before = known.get(id)
    if (before !== undefined) return before
    const { needs = [], after = [] } = edgesOf.get(id) ?? {}
    const path = longest([...needs.map(throughVerdict), ...after.map(throughCalm)])
    known.set(id, path)
    return path
  }
  const through = (id: string, tookMs: number | undefined): Path => {
    const { ms, ids } = pathTo(id)
    return { ms: ms + (tookMs ?? 0), ids: [...ids, id] }
  }
  const throughVerdict = (id: string) => through(id, judged.get(id)?.ms)
  const throughCalm = (id: string) => through(id, judged.get(id)?.calmAfterMs ?? judged.get(id)?.ms)
  return longest(selected.map(({ id }) => throughVerdict(id)))
}

interface Path {
  readonly ms: number
  readonly ids: readonly string[]
}

const longest = (paths: readonly Path[]): Path =>
  paths.reduce((most, path) => (path.ms > most.ms ? path : most), { ms: 0, ids: [] })

export const exitStatusOfVerdict: Record<RunVerdict, number> = { proven: 0, broken: 1, invalid: 3 }
