import { layers } from '../../claims/claim-row.ts'
import type { ResultClaim } from '../run-result.ts'

/** The claims of a run as a graph, and where each stands in a picture of it. Units are those of the picture. */

/** The layers of a run in the order in which they are proven, each with its claims; those of other suites come last. */
export function layersOf(claims: readonly ResultClaim[]): { layer: string; claims: ResultClaim[] }[] {
  const byLayer = Map.groupBy(claims, ({ layer }) => layer)
  const known = layers.filter((layer) => byLayer.has(layer))
  const others = [...byLayer.keys()].filter((layer) => !known.some((name) => name === layer))
  return [...known, ...others].map((layer) => ({ layer, claims: byLayer.get(layer) ?? [] }))
}

/** Every claim that cannot be judged while this one is broken, in the order of the run. */
export function behind(id: string, claims: readonly ResultClaim[]): ResultClaim[] {
  const found = new Set([id])
  // A claim may stand before one that it needs: once round is not enough.
  for (let before = 0; before !== found.size; ) {
    before = found.size
    for (const claim of claims) if (claim.needs.some((need) => found.has(need))) found.add(claim.id)
  }
  return claims.filter((claim) => claim.id !== id && found.has(claim.id) && claim.verdict === 'blocked')
}

export interface Edge {
  readonly from: ResultClaim
  readonly to: ResultClaim
  /** The shortest way by which a broken claim kept this one from being judged: one line leads to each that is blocked. */
  readonly isBroken: boolean
}

/** What each blocked claim was kept by: the nearest to a broken one among what it needs. */
function keptBy(claims: readonly ResultClaim[]): Map<string, string> {
  const kept = new Map<string, string>()
  let reached = new Set(claims.filter(({ verdict }) => verdict === 'broken').map(({ id }) => id))
  while (reached.size > 0) {
    const next = claims.flatMap(({ id, verdict, needs }) => {
      const by = verdict === 'blocked' && !kept.has(id) ? needs.find((need) => reached.has(need)) : undefined
      return by === undefined ? [] : [[id, by] as const]
    })
    for (const [id, by] of next) kept.set(id, by)
    reached = new Set(next.map(([id]) => id))
  }
  return kept
}

/** Needs as edges, without those that follow from others: who needs both a claim and what that claim needs is drawn once. */
export function edgesOf(claims: readonly ResultClaim[]): Edge[] {
  const byId = new Map(claims.map((claim) => [claim.id, claim]))
  const known = new Map<string, Set<string>>()
  const ancestors = (id: string): Set<string> => {
    const before = known.get(id)
    if (before !== undefined) return before
    const all = new Set<string>()
    // There before it is filled: a ring of needs ends here.
    known.set(id, all)
    for (const need of byId.get(id)?.needs ?? []) for (const one of [need, ...ancestors(need)]) all.add(one)
    return all
  }
  const kept = keptBy(claims)
  return claims.flatMap((to) =>
    to.needs.flatMap((need) => {
      const from = byId.get(need)
      const isBroken = kept.get(to.id) === need
      const follows = to.needs.some((other) => other !== need && ancestors(other).has(need))
      return from === undefined || (follows && !isBroken) ? [] : [{ from, to, isBroken }]
    }),
  )
}

export type ChainItem =
  | { readonly kind: 'layer'; readonly layer: string; readonly isContinued: boolean }
  | { readonly kind: 'claim'; readonly claim: ResultClaim }

/** Columns that are read like those of a newspaper: layers in their order, a long one goes on in the next column. */
export function columnsOf(claims: readonly ResultClaim[], columns: number): ChainItem[][] {
  const groups = layersOf(claims)
  const most = claims.length + groups.length
  for (let rows = Math.ceil(most / columns); ; rows += 1) {
    const filled = fill(groups, rows)
    if (filled.length <= columns || rows > most) return filled
  }
}

/** A heading is never left alone at the end of a column. */
const fewestAfterHeading = 2

function fill(groups: ReturnType<typeof layersOf>, rows: number): ChainItem[][] {
  const columns: ChainItem[][] = [[]]
  const current = () => columns.at(-1) ?? []
  for (const { layer, claims } of groups) {
    const needed = 1 + Math.min(claims.length, fewestAfterHeading)
    if (current().length > 0 && current().length + needed > rows) columns.push([])
    current().push({ kind: 'layer', layer, isContinued: false })
    for (const claim of claims) {
      if (current().length >= rows) columns.push([{ kind: 'layer', layer, isContinued: true }])
      current().push({ kind: 'claim', claim })
    }
  }
  return columns.filter((column) => column.length > 0)
}
