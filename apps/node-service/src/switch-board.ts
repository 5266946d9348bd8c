import { randomBytes } from 'node:crypto'
import { nowMs } from './utc-time.ts'

export type SwitchState = 'active' | 'spent' | 'expired' | 'ended'

/** How long a switch works: until it expires, was used `count` times (null: no limit) or is ended. */
export interface SwitchLimits {
  readonly count: number | null
  readonly expiresInMs: number
}

/** Something that was switched on for a while; `what` says what it does and keeps what it did. */
export class Switch<What> {
  readonly id = randomBytes(8).toString('hex')
  readonly createdAtMs = nowMs()
  readonly expiresAtMs: number
  readonly what: What
  readonly limits: SwitchLimits
  #used = 0
  #isEnded = false

  constructor(what: What, limits: SwitchLimits) {
    this.what = what
    this.limits = limits
    this.expiresAtMs = this.createdAtMs + limits.expiresInMs
  }

  /** How often it was used: never more than its count. */
  get used(): number {
    return this.#used
  }

  get state(): SwitchState {
    if (this.#used === this.limits.count) return 'spent'
    if (this.#isEnded) return 'ended'
    return nowMs() < this.expiresAtMs ? 'active' : 'expired'
  }

  /** To be called on an active switch, in the same turn in which it was found active. */
  use(): void {
    this.#used += 1
  }

  end(): void {
    if (this.state === 'active') this.#isEnded = true
  }
}

/** The switches of a service in the order in which they were set; their reports are kept for as long as it runs. */
export class SwitchBoard<What> {
  readonly #switches = new Map<string, Switch<What>>()

  set(what: What, limits: SwitchLimits): Switch<What> {
    const created = new Switch(what, limits)
    this.#switches.set(created.id, created)
    return created
  }

  get(id: string): Switch<What> | undefined {
    return this.#switches.get(id)
  }

  all(): Switch<What>[] {
    return [...this.#switches.values()]
  }

  firstActive(matches: (what: What) => boolean): Switch<What> | undefined {
    return this.all().find((one) => one.state === 'active' && matches(one.what))
  }
}
