import { randomUUID } from 'node:crypto'
import type { StackFault } from '../../process/supervisor-protocol.ts'
import { beginScript, endScript, guardScript, guardStatus, listScript } from './fault-guard.ts'
import { type BreakableWorkloads, planOf } from './fault-plans.ts'

/** Faults of the stack on a cluster whose node is ours: made in the node, and ended there even when nobody is left to ask. */

export interface StackFaultMaker {
  /** @returns the fault's id, or why it is refused, in words */
  begin(fault: StackFault, expiresInMs: number): Promise<{ id: string } | { refused: string }>
  /** Settles when it is taken back. @returns false when it has ended already, or never was */
  end(id: string): Promise<boolean>
  /** Ends what this one has begun. */
  endAll(): Promise<void>
  /** Ends whatever lasts in the node: what a harness that was killed has left. */
  heal(): Promise<void>
}

/** Runs commands as root in the node's container. */
export interface NodeCommands {
  exec(command: readonly string[]): Promise<{ readonly exitCode: number; readonly output: string }>
}

export class ClusterStackFaults implements StackFaultMaker {
  readonly #node: NodeCommands
  readonly #workloads: BreakableWorkloads
  readonly #folder: string
  readonly #begun = new Set<string>()

  /** @param folder in the node; it outlives a restart of its container, so that what a fault did can be taken back */
  constructor(node: NodeCommands, workloads: BreakableWorkloads, folder = '/var/lib/signalproof/faults') {
    this.#node = node
    this.#workloads = workloads
    this.#folder = folder
  }

  async begin(fault: StackFault, expiresInMs: number): Promise<{ id: string } | { refused: string }> {
    const plan = planOf(fault, this.#workloads)
    if (typeof plan === 'string') return { refused: plan }
    const id = randomUUID()
    const hundredths = String(Math.max(1, Math.ceil(expiresInMs / 10)))
    const name = plan.key.replaceAll(' ', '.')
    const values = [this.#folder, name, id, hundredths, plan.apply, plan.undo, guardScript]
    const { exitCode, output } = await this.#node.exec(['sh', '-c', beginScript, 'sh', ...values])
    if (exitCode !== 0) return { refused: `${plan.key}: ${whyNot(exitCode, output)}` }
    this.#begun.add(id)
    return { id }
  }

  async end(id: string): Promise<boolean> {
    this.#begun.delete(id)
    const { exitCode, output } = await this.#node.exec(['sh', '-c', endScript, 'sh', this.#folder, id])
    if (exitCode === 0) return true
    if (exitCode === guardStatus.unknown) return false
    throw new Error(`the node does not end fault ${id}: ${whyNot(exitCode, output)}`)
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#begun].map((id) => this.end(id)))
  }

  async heal(): Promise<void> {
    const { output } = await this.#node.exec(['sh', '-c', listScript, 'sh', this.#folder])
    await Promise.all(output.split(/\s+/).flatMap((id) => (id === '' ? [] : [this.end(id)])))
  }
}

const whyNot = (exitCode: number, output: string): string =>
  output.trim().replaceAll(/\s*\n\s*/g, '; ') || `the node's shell ended with status ${exitCode}`
