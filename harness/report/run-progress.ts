import type { RecordEntry, Verdict } from '../claims/claim-record.ts'
import { layers } from '../claims/claim-row.ts'
import type { LoadProgress } from '../load/k6/k6-progress.ts'

/** How far a run is, from what it tells of itself; nothing is drawn here. */

export interface ShownClaim {
  readonly id: string
  readonly layer: string
  readonly state: 'not yet' | 'running' | Verdict
}

export interface ShownWait {
  readonly condition: string
  /** The deadline, or how long it has to hold. */
  readonly withinMs: number
  readonly holds: boolean
  /** On the clock of whoever shows it. */
  readonly sinceMs: number
}

export class RunProgress {
  load: LoadProgress | undefined
  readyAfterMs: number | undefined
  private readonly claims = new Map<string, ShownClaim>()
  /** In the order in which they began. */
  private readonly started: string[] = []
  private readonly waits = new Map<number, ShownWait & { readonly id: string }>()

  /** @param nowMs the moment at which the entry was heard */
  apply(entry: RecordEntry, nowMs: number): void {
    if (entry.kind === 'selected')
      for (const { id, layer } of entry.claims) this.claims.set(id, { id, layer, state: 'not yet' })
    else if (entry.kind === 'environment-ready') this.readyAfterMs = entry.afterMs
    else if (entry.kind === 'claim-started') this.start(entry.id)
    else if (entry.kind === 'claim') {
      this.claims.set(entry.claim.id, { ...entry.claim, state: entry.claim.verdict })
      // A step that it shares with others may go on; nobody waits for it in this claim's name any more.
      for (const [wait, { id }] of this.waits) if (id === entry.claim.id) this.waits.delete(wait)
    } else if (entry.kind === 'waiting') {
      const { id, wait, condition, withinMs, holds } = entry
      this.waits.set(wait, { id, condition, withinMs, holds, sinceMs: nowMs })
    } else if (entry.kind === 'waited') this.waits.delete(entry.wait)
    else if (entry.kind === 'load-progress') this.load = entry.progress
    else if (entry.kind === 'load') this.load = undefined
  }

  get total(): number {
    return this.claims.size
  }

  get judged(): number {
    return [...this.claims.values()].filter(({ state }) => state !== 'not yet' && state !== 'running').length
  }

  /** Layers in the order of the chain, each with its claims. */
  get byLayer(): ReadonlyMap<string, readonly ShownClaim[]> {
    const place = (layer: string) => {
      const at = (layers as readonly string[]).indexOf(layer)
      return at === -1 ? layers.length : at
    }
    const sorted = [...this.claims.values()].toSorted((a, b) => place(a.layer) - place(b.layer))
    return Map.groupBy(sorted, ({ layer }) => layer)
  }

  /** Claims that are being judged, longest first, each with the wait that it began last. */
  get running(): readonly { readonly id: string; readonly wait: ShownWait | undefined }[] {
    const waits = [...this.waits.values()]
    return this.started
      .filter((id) => this.claims.get(id)?.state === 'running')
      .map((id) => ({ id, wait: waits.findLast((wait) => wait.id === id) }))
  }

  private start(id: string): void {
    this.started.push(id)
    // In its place: a layer's line stays as it is but for this sign.
    this.claims.set(id, {
      id,
      layer: this.claims.get(id)?.layer ?? id.split('.')[0] ?? id,
      state: 'running',
    })
  }
}
