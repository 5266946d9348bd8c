import { formatMs } from '../../core/eventually.ts'
import type { InstallProgress } from '../../toolchain/install-progress.ts'

/** The steps on the way to a cluster: shown while they last, and how long each took. */
export class ClusterPhases {
  private readonly progress: InstallProgress
  private readonly began = performance.now()
  private readonly done: { name: string; ms: number }[] = []

  /** @param version what the line calls it: its profile */
  constructor(version: string, progress: InstallProgress = () => {}) {
    this.progress = progress
    progress({ kind: 'started', components: [{ name: component, version }] })
  }

  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.say(name)
    const startedAt = performance.now()
    try {
      return await work()
    } catch (thrown) {
      this.progress({ kind: 'failed', component, text: name })
      throw thrown
    } finally {
      this.done.push({ name, ms: Math.round(performance.now() - startedAt) })
    }
  }

  /** What is being done within a phase. */
  readonly say = (text: string): void => this.progress({ kind: 'activity', component, text })

  /** How far it is, where that can be shown in place. */
  readonly detail = (text: string): void => this.progress({ kind: 'detail', component, text })

  end(text: string): void {
    this.progress({ kind: 'installed', component, text })
  }

  /** Milliseconds of each phase, in order. */
  get taken(): readonly { readonly name: string; readonly ms: number }[] {
    return this.done
  }

  /** `preparing images 0.2 s, starting the node 6.1 s; 31.2 s in all`. */
  describe(): string {
    const each = this.done.map(({ name, ms }) => `${name} ${formatMs(ms)}`).join(', ')
    return `${each}; ${formatMs(performance.now() - this.began)} in all`
  }
}

const component = 'cluster'
