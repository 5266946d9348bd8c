import { readdirSync, readFileSync } from 'node:fs'

/** How often threads are looked at: what one waited after its last look and before its end is not counted. */
const lookEveryMs = 250

/**
 * How long the threads of a process waited for a core although they could have run: the second number of
 * /proc/<pid>/task/<tid>/schedstat, in ns (Documentation/scheduler/sched-stats.rst of Linux).
 */
export class RunQueueWait {
  readonly #waitedNs = new Map<string, number>()
  #timer: NodeJS.Timeout | undefined
  #pid: number | undefined

  follow(pid: number): void {
    this.#pid = pid
    this.look()
    this.#timer = setInterval(() => this.look(), lookEveryMs)
    this.#timer.unref()
  }

  look(): void {
    if (this.#pid === undefined) return
    const folder = `/proc/${this.#pid}/task`
    for (const thread of entries(folder)) {
      const waited = waitedNs(`${folder}/${thread}/schedstat`)
      if (waited !== undefined) this.#waitedNs.set(thread, waited)
    }
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** null where the platform does not say it. */
  get seconds(): number | null {
    if (this.#waitedNs.size === 0) return null
    return [...this.#waitedNs.values()].reduce((sum, ns) => sum + ns, 0) / 1e9
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function waitedNs(file: string): number | undefined {
  try {
    const waited = Number(readFileSync(file, 'utf8').split(' ')[1])
    return Number.isFinite(waited) ? waited : undefined
  } catch {
    return undefined
  }
}
