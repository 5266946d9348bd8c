import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'

/** What the numbers were measured on; without it they cannot be compared with anybody's. */
export interface Machine {
  readonly platform: string
  readonly processors: number
  readonly model: string
  readonly memoryBytes: number
  readonly node: string
  /** Load averages over 1, 5 and 15 minutes: what else the machine did. */
  readonly loadBefore: readonly number[]
  readonly loadAfter: readonly number[]
}

/** The machine as it is now; `loadAfter` is read again at the end. */
export function describeMachine(loadBefore: readonly number[]): Machine {
  return {
    platform: `${process.platform} ${process.arch}`,
    processors: availableParallelism(),
    model: cpus()[0]?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    node: process.version,
    loadBefore,
    loadAfter: loadavg(),
  }
}

export function writeMachine(machine: Machine): string {
  const { platform, processors, model, memoryBytes, node, loadBefore, loadAfter } = machine
  const loads = (values: readonly number[]) => values.map((value) => value.toFixed(1)).join(' ')
  const busy =
    (loadBefore[0] ?? 0) > processors / 2 ? '; the machine had other work, so the times are too high' : ''
  return `machine: ${platform}, ${processors} processors (${model}), ${(memoryBytes / 1e9).toFixed(0)} GB, node ${node}
load average before ${loads(loadBefore)}, after ${loads(loadAfter)}${busy}
`
}
