import { z } from 'zod'
import { SignalproofError } from '../core/signalproof-error.ts'
import { askDaemon, type DockerDaemon, findDaemon, isDaemon } from '../environments/k3s/docker-daemon.ts'
import { requireDebianTools } from '../toolchain/debian-tools.ts'
import { freeMegabytesAt, gigabytes } from '../toolchain/go-build-caches.ts'
import { images } from '../toolchain/images.ts'
import type { Check } from './doctor-report.ts'
import type { Surroundings } from './surroundings.ts'

/** What the k3s environment needs: a daemon, a node for it, and room for images. Nothing is pulled or built. */

/** Of Docker's disk: every image in the node, unpacked, and what the stack writes. */
const neededMegabytes = 6_000

export async function checkDocker(surroundings: Surroundings): Promise<Check[]> {
  const found = await findDaemon(surroundings.environment)
  const row = (state: Check['state'], seen: string, remedy: string | null): Check => ({
    name: 'k3s',
    area: 'environments',
    state,
    seen,
    remedy,
  })
  if (!isDaemon(found)) return [row('lacking', found.seen, found.remedy)]
  const [node, free] = await Promise.all([checkNode(found, surroundings), freeForImages(found)])
  const answers = `Docker ${found.version} answers at ${found.socket}`
  if (free === undefined) return [row('ready', answers, null), node]
  const room = `${gigabytes(free)} free for its data, ${gigabytes(neededMegabytes)} needed`
  return [
    free < neededMegabytes
      ? row('lacking', `${answers}; ${room}`, 'free some space where Docker keeps its data: docker system df')
      : row('ready', `${answers}; ${room}`, null),
    node,
  ]
}

const rootFolder = z.object({ DockerRootDir: z.string() })

/** Undefined where it cannot be told: a daemon in a virtual machine has a disk of its own. */
async function freeForImages({ socket }: DockerDaemon): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined
  try {
    return await freeMegabytesAt((await askDaemon(socket, '/info', rootFolder)).DockerRootDir)
  } catch {
    return undefined
  }
}

/** Which node the cluster gets: the published image, or one that is built here. */
async function checkNode({ socket }: DockerDaemon, surroundings: Surroundings): Promise<Check> {
  const base = { name: 'its node', area: 'environments' } as const
  const asked = surroundings.environment.SIGNALPROOF_NODE ?? 'auto'
  const isThere = asked !== 'built' && (await hasImage(socket, images.k3s))
  if (isThere) return { ...base, state: 'ready', seen: `${images.k3s} is there`, remedy: null }
  const why = cannotBuild(surroundings)
  if (asked === 'built')
    return why === undefined
      ? { ...base, state: 'ready', seen: 'it is built here, as SIGNALPROOF_NODE=built asks', remedy: null }
      : { ...base, state: 'lacking', ...why, seen: `SIGNALPROOF_NODE=built, but ${why.seen}` }
  const pulled = `${images.k3s} is pulled`
  if (asked === 'k3s') return { ...base, state: 'ready', seen: pulled, remedy: null }
  const otherwise =
    why === undefined ? 'without a registry one is built here' : `none can be built here: ${why.seen}`
  return { ...base, state: 'ready', seen: `${pulled}; ${otherwise}`, remedy: null }
}

async function hasImage(socket: string, reference: string): Promise<boolean> {
  try {
    await askDaemon(socket, `/images/${reference}/json`, z.object({ Id: z.string() }))
    return true
  } catch {
    return false
  }
}

/** What the built node lacks here; its base is a tree of Debian's packages. */
function cannotBuild({ settings }: Surroundings): Pick<Check, 'seen' | 'remedy'> | undefined {
  try {
    requireDebianTools('the node', settings)
    return undefined
  } catch (thrown) {
    if (!(thrown instanceof SignalproofError)) throw thrown
    const { expected, seen, remedy } = thrown.account
    return { seen: `${seen}; expected ${expected}`, remedy }
  }
}
