import { PassThrough } from 'node:stream'
import type Docker from 'dockerode'

interface Waiting {
  readonly condition: string
  readonly abortSignal?: AbortSignal
}

/** A container of the daemon that runs, writes `log`, and ends when a test says so. */
export class ContainerDouble {
  readonly log = new PassThrough()
  #exit: number | undefined
  readonly #ended = Promise.withResolvers<void>()
  last = ''

  get container(): Docker.Container {
    return this as unknown as Docker.Container
  }

  /** As the daemon does it: first the log, then whoever waits for the end. */
  end(code: number): void {
    this.#exit = code
    this.log.end()
    setImmediate(() => this.#ended.resolve())
  }

  async inspect() {
    return { State: { Running: this.#exit === undefined, StartedAt: '2026-11-25T20:00:00Z' } }
  }

  async wait({ condition, abortSignal }: Waiting): Promise<{ StatusCode: number }> {
    const given = new Promise<never>((_, reject) =>
      abortSignal?.addEventListener('abort', () => reject(abortSignal.reason)),
    )
    // An end that was is not the next one.
    const isOver = this.#exit !== undefined && condition === 'next-exit'
    await Promise.race([isOver ? given : this.#ended.promise, given])
    return { StatusCode: this.#exit ?? 0 }
  }

  async logs({ follow = false }: { follow?: boolean }): Promise<PassThrough | Buffer> {
    if (follow) return this.log
    const header = Buffer.alloc(8)
    header.writeUInt32BE(Buffer.byteLength(this.last), 4)
    return Buffer.concat([header, Buffer.from(this.last)])
  }
}
