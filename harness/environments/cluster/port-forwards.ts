import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { KubeConnection } from '../../kube/kube-connection.ts'

/** Ports of apps' pods, as ports of this machine: each connection is one that the API server forwards. */

export interface PodPort {
  readonly app: string
  readonly namespace: string
  readonly pod: string
  readonly port: number
}

export class PortForwards implements AsyncDisposable {
  private readonly connection: Pick<KubeConnection, 'connectToPod'>
  private readonly servers = new Map<string, Server>()
  private readonly sockets = new Set<Socket>()

  private constructor(connection: Pick<KubeConnection, 'connectToPod'>) {
    this.connection = connection
  }

  static async open(
    connection: Pick<KubeConnection, 'connectToPod'>,
    ports: readonly PodPort[],
  ): Promise<PortForwards> {
    const forwards = new PortForwards(connection)
    for (const port of ports) await forwards.listenFor(port)
    return forwards
  }

  /** The port on 127.0.0.1 that leads to an app's pod. */
  portOf(app: string): number {
    const address = this.servers.get(app)?.address() as AddressInfo | null | undefined
    return address?.port ?? 0
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = [...this.servers.values()].map(
      (server) => new Promise<void>((resolve) => server.close(() => resolve())),
    )
    for (const socket of this.sockets) socket.destroy()
    await Promise.all(closed)
  }

  private async listenFor(podPort: PodPort): Promise<void> {
    const server = createServer((socket) => {
      this.sockets.add(socket)
      socket.once('close', () => this.sockets.delete(socket))
      // Whoever asked sees the connection end, and says so.
      socket.on('error', () => socket.destroy())
      this.connection.connectToPod(podPort, socket).catch(() => socket.destroy())
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(0, '127.0.0.1', resolve)
    })
    this.servers.set(podPort.app, server)
  }
}
