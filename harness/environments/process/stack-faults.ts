/** What can be broken of the stack itself, on purpose and for a limited time. */
import { randomUUID } from 'node:crypto'
import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { longestStackFaultMs, type StackFault, type StackFaultRequest } from './supervisor-protocol.ts'

/** The running things that faults are made in. */
export interface BreakableStack {
  /** Each answers false when there is nothing of that name. */
  cutLink(name: string, isCut: boolean): boolean
  pauseComponent(name: string, isPaused: boolean): boolean
  stopComponent(name: string): boolean
  /** Settles when the component is ready again, or will not be. */
  startComponent(name: string): Promise<unknown>
  holdLogs(areHeld: boolean): void
  /** Where discovery reads its targets. */
  readonly targetsFolder: string
}

interface ActiveFault {
  readonly key: string
  readonly end: () => unknown
  readonly timer: NodeJS.Timeout
}

/** Begins and ends faults. One thing is broken in one way at a time: two could not be ended apart. */
export class StackFaults {
  readonly #stack: BreakableStack
  readonly #active = new Map<string, ActiveFault>()

  constructor(stack: BreakableStack) {
    this.#stack = stack
  }

  /** @returns the fault's id, or why it is refused, in words */
  begin({ fault, expires_in_ms: expiresInMs }: StackFaultRequest): { id: string } | { refused: string } {
    const key = whatIsBroken(fault)
    if ([...this.#active.values()].some((active) => active.key === key))
      return { refused: `${key} is broken already: ending one fault would end the other` }
    const end = this.#apply(fault)
    if (end === undefined) return { refused: `there is no ${key}` }
    const id = randomUUID()
    const timer = setTimeout(() => void this.end(id), expiresInMs)
    this.#active.set(id, { key, end, timer })
    return { id }
  }

  /** Settles when it is over. @returns false when it has ended already, or never was */
  async end(id: string): Promise<boolean> {
    const fault = this.#active.get(id)
    if (fault === undefined) return false
    this.#active.delete(id)
    clearTimeout(fault.timer)
    await fault.end()
    return true
  }

  /** Nothing can be stopped in order while it is paused, so faults end first. */
  endAll(): void {
    for (const id of [...this.#active.keys()]) void this.end(id)
  }

  #apply(fault: StackFault): (() => unknown) | undefined {
    const stack = this.#stack
    switch (fault.kind) {
      case 'cut-link':
        return stack.cutLink(fault.link, true) ? () => stack.cutLink(fault.link, false) : undefined
      case 'pause-component':
        return stack.pauseComponent(fault.component, true)
          ? () => stack.pauseComponent(fault.component, false)
          : undefined
      case 'stop-component':
        return stack.stopComponent(fault.component) ? () => stack.startComponent(fault.component) : undefined
      case 'hold-logs':
        stack.holdLogs(true)
        return () => stack.holdLogs(false)
      case 'hide-target':
        return hideFile(join(stack.targetsFolder, `${fault.app}.json`))
      // Processes are in no container, and nobody would start one anew.
      case 'kill-container':
        return undefined
    }
  }
}

function whatIsBroken(fault: StackFault): string {
  switch (fault.kind) {
    case 'cut-link':
      return `link ${fault.link}`
    case 'pause-component':
    case 'stop-component':
      return `component ${fault.component}`
    case 'hide-target':
      return `target ${fault.app}`
    case 'kill-container':
      return `container ${fault.app}`
    case 'hold-logs':
      return 'log files'
  }
}

function hideFile(file: string): (() => void) | undefined {
  const hidden = `${file}.hidden`
  if (!existsSync(file)) return undefined
  renameSync(file, hidden)
  return () => {
    // The folder goes with its environment.
    if (existsSync(hidden)) renameSync(hidden, file)
  }
}

const name = /^[a-z0-9-]+$/

/** What each kind of fault names; nothing for one that breaks everything of its kind. */
const fieldOfKind: Record<string, string> = {
  'cut-link': 'link',
  'pause-component': 'component',
  'stop-component': 'component',
  'hide-target': 'app',
  'kill-container': 'app',
  'hold-logs': '',
}

/** A request as it came over HTTP. @returns what is wrong with it, in words, where something is */
export function readStackFaultRequest(body: unknown): StackFaultRequest | string {
  const { fault, expires_in_ms: expiresInMs } = (body ?? {}) as Record<string, unknown>
  if (
    !Number.isInteger(expiresInMs) ||
    Number(expiresInMs) < 1 ||
    Number(expiresInMs) > longestStackFaultMs
  ) {
    return `expires_in_ms: expected an integer from 1 to ${longestStackFaultMs}, seen ${JSON.stringify(expiresInMs)}`
  }
  const { kind, ...rest } = (fault ?? {}) as Record<string, unknown>
  const field = fieldOfKind[String(kind)]
  if (field === undefined)
    return `fault.kind: expected one of ${Object.keys(fieldOfKind).join(', ')}; seen ${JSON.stringify(kind)}`
  const value = rest[field]
  if (field !== '' && (typeof value !== 'string' || !name.test(value)))
    return `fault.${field}: expected a name such as loki, seen ${JSON.stringify(value)}`
  const checked = field === '' ? { kind } : { kind, [field]: value }
  return { fault: checked as StackFault, expires_in_ms: Number(expiresInMs) }
}
