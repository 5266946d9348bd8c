/** The Docker daemon that the cluster's node runs on: where it answers, or what to do so that it does. */
import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { z } from 'zod'
import { describeThrown, SignalproofError } from '../../core/signalproof-error.ts'
import { findProgram } from '../../toolchain/program-path.ts'

export interface DockerDaemon {
  readonly version: string
  /** The socket that it answers at. */
  readonly socket: string
}

/** Why there is none to use, and what to do. */
export interface NoDaemon {
  readonly seen: string
  readonly remedy: string
}

/** A daemon that runs answers at once; one that has not in this time is stuck. */
const answerWithinMs = 1_500

/** Testcontainers asks the socket, not the docker program: neither is the program needed, nor is it enough. */
export async function findDaemon(
  environment: NodeJS.ProcessEnv,
  machine: Machine = thisMachine,
): Promise<DockerDaemon | NoDaemon> {
  const sockets = socketsOf(environment, machine)
  if (sockets === undefined)
    return {
      seen: `DOCKER_HOST=${environment.DOCKER_HOST} is no socket of this machine`,
      remedy: "unset DOCKER_HOST: the cluster's ports are bound to 127.0.0.1 of the daemon's machine",
    }
  const answers = await Promise.all(
    sockets.map(async (socket): Promise<DockerDaemon | { socket: string; why: string }> => {
      try {
        return { socket, version: (await askDaemon(socket, '/version', versionAnswer)).Version }
      } catch (thrown) {
        return { socket, why: describeThrown(thrown) }
      }
    }),
  )
  const found = answers.find((answer): answer is DockerDaemon => 'version' in answer)
  if (found !== undefined) return found
  const forbidden = answers.find((answer) => 'why' in answer && answer.why.includes('EACCES'))
  if (forbidden !== undefined)
    return {
      seen: `this user may not open ${forbidden.socket}`,
      remedy: 'sudo usermod -aG docker "$USER", then log in anew',
    }
  return notRunning(sockets[0] ?? '', environment, machine)
}

export const isDaemon = (found: DockerDaemon | NoDaemon): found is DockerDaemon => 'version' in found

/**
 * @param instead what is to be had without Docker, as a remedy
 * @throws SignalproofError ENV_DOCKER_UNREACHABLE, with what was seen and what to do on this machine
 */
export async function requireDaemon(environment: NodeJS.ProcessEnv, instead?: string): Promise<DockerDaemon> {
  const found = await findDaemon(environment)
  if (isDaemon(found)) return found
  throw new SignalproofError('ENV_DOCKER_UNREACHABLE', {
    expected: 'a Docker daemon: the node of the k3s environment is one of its containers',
    seen: found.seen,
    remedy: instead === undefined ? found.remedy : `${found.remedy}; without Docker: ${instead}`,
  })
}

/** What differs from machine to machine. */
export interface Machine {
  readonly platform: NodeJS.Platform
  /** systemd looks after its services. */
  readonly hasSystemd: boolean
  readonly userId: number | undefined
}

const thisMachine: Machine = {
  platform: process.platform,
  hasSystemd: existsSync('/run/systemd/system'),
  userId: process.getuid?.(),
}

function notRunning(socket: string, environment: NodeJS.ProcessEnv, machine: Machine): NoDaemon {
  const program = findProgram('docker', environment)
  const seen =
    program === undefined ? 'no docker on PATH, and no daemon answers' : `${program}, but no daemon answers`
  return { seen: `${seen} at ${socket}`, remedy: howToStart(program, machine) }
}

function howToStart(program: string | undefined, { platform, hasSystemd, userId }: Machine): string {
  const sudo = userId === 0 ? '' : 'sudo '
  if (platform === 'darwin')
    return program === undefined
      ? 'install Docker Desktop, or brew install colima docker and colima start'
      : 'start Docker Desktop (open -a Docker), or colima start'
  if (hasSystemd)
    return program === undefined
      ? 'install Docker Engine (https://docs.docker.com/engine/install)'
      : `${sudo}systemctl start docker`
  // A container or a machine of continuous integration: nobody else starts services there.
  return `${sudo}.ci/docker start installs what is missing and starts one`
}

/** Where a daemon may listen on this machine; undefined when DOCKER_HOST names another one. */
function socketsOf(environment: NodeJS.ProcessEnv, { userId }: Machine): string[] | undefined {
  const { DOCKER_HOST: host = '', XDG_RUNTIME_DIR: runtime = '', HOME: home = '' } = environment
  if (host !== '') return host.startsWith('unix://') ? [host.slice('unix://'.length)] : undefined
  return [
    '/var/run/docker.sock',
    ...(runtime === '' ? [] : [join(runtime, 'docker.sock')]),
    ...(home === '' ? [] : [join(home, '.docker', 'run', 'docker.sock')]),
    ...(home === '' ? [] : [join(home, '.docker', 'desktop', 'docker.sock')]),
    ...(userId === undefined || runtime !== '' ? [] : [`/run/user/${userId}/docker.sock`]),
  ]
}

const versionAnswer = z.object({ Version: z.string() })

/** Asks the daemon one question. @throws what stands in the way, or that the answer is another one */
export function askDaemon<T>(socketPath: string, path: string, schema: z.ZodType<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(answerWithinMs)
    const asking = request({ socketPath, path, signal }, (response) => {
      let text = ''
      response
        .on('data', (part) => {
          text += part
        })
        .on('error', reject)
        .on('end', () => {
          try {
            if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`)
            resolve(schema.parse(JSON.parse(text)))
          } catch (thrown) {
            reject(thrown)
          }
        })
    })
    asking.on('error', reject).end()
  })
}
