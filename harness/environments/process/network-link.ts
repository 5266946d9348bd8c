/** A cable that can be pulled: what a component sends to another passes here, so that the way can fail and come back. */
import { createServer, connect as dial, type Server, type Socket } from 'node:net'
import { loopback } from './port-block.ts'
import type { LinkPlan } from './supervisor-protocol.ts'

/**
 * Forwards TCP from one port of 127.0.0.1 to another. While it is cut, connections that exist are reset and new ones
 * end at once, as with a load balancer that has nobody behind it; the port stays taken.
 */
export class NetworkLink {
  readonly name: string
  readonly #plan: LinkPlan
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #isCut = false

  constructor(plan: LinkPlan) {
    this.name = plan.name
    this.#plan = plan
    this.#server = createServer((near) => this.#connect(near))
  }

  /** @throws what the system says when the port cannot be had */
  open(): Promise<void> {
    const opened = Promise.withResolvers<void>()
    this.#server.once('error', opened.reject)
    this.#server.listen({ host: loopback, port: this.#plan.listenPort }, () => {
      this.#server.off('error', opened.reject)
      opened.resolve()
    })
    return opened.promise
  }

  cut(): void {
    this.#isCut = true
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  mend(): void {
    this.#isCut = false
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return
    const closed = new Promise((resolve) => this.#server.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #connect(near: Socket): void {
    this.#keep(near)
    if (this.#isCut) {
      near.resetAndDestroy()
      return
    }
    const far = dial({ host: loopback, port: this.#plan.targetPort })
    this.#keep(far)
    for (const socket of [near, far]) socket.setNoDelay(true)
    near.pipe(far)
    far.pipe(near)
    // Nobody is behind it, or one side is gone: the other has to hear of it.
    near.once('close', () => far.destroy())
    far.once('close', () => near.destroy())
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => this.#sockets.delete(socket))
  }
}
