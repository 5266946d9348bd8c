/**
 * A block of ports that belongs to one environment. The lowest port of the block, the anchor, is held open for as
 * long as the environment lives: the kernel gives it to one process only and takes it back when that process ends,
 * however it ends. So a block needs no lock file, and none can be left behind.
 */
import { createServer, type Server } from 'node:net'

export const loopback = '127.0.0.1'

const blockSize = 40
/** A block in which others hold more than a few ports is passed over for the next one. */
const leastUsablePorts = 32
/** Above the ports of well-known servers, below 32768, where Linux begins to hand out ports for outgoing connections. */
const anchors: readonly number[] = Array.from({ length: 319 }, (_, n) => 20_000 + n * blockSize)

export interface PortBlock {
  readonly anchorPort: number
  /** The ports of the block that nobody listened on when it was claimed, ascending, without the anchor. */
  readonly ports: readonly number[]
}

/**
 * Makes `anchor` listen on the anchor port of the first free block.
 * @returns undefined when no block is free; `anchor` then listens nowhere
 */
export async function claimPortBlock(
  anchor: Server,
  candidates: readonly number[] = anchors,
): Promise<PortBlock | undefined> {
  for (const anchorPort of candidates) {
    if (!(await listens(anchor, anchorPort))) continue
    const ports = await freePorts(anchorPort + 1, blockSize - 1)
    if (ports.length >= leastUsablePorts) return { anchorPort, ports }
    await closed(anchor)
  }
  return undefined
}

async function freePorts(first: number, count: number): Promise<number[]> {
  const candidates = Array.from({ length: count }, (_, n) => first + n)
  const free = await Promise.all(candidates.map(isFree))
  return candidates.filter((_, n) => free[n])
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer()
  if (!(await listens(probe, port))) return false
  await closed(probe)
  return true
}

function listens(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      server.off('listening', onListening)
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false)
      else reject(error)
    }
    const onListening = () => {
      server.off('error', onError)
      resolve(true)
    }
    server.once('error', onError).once('listening', onListening).listen({ port, host: loopback })
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
