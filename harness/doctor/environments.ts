import { createServer, request } from 'node:http'
import { join } from 'node:path'
import { z } from 'zod'
import { claimPortBlock } from '../environments/process/port-block.ts'
import { findProgram } from '../toolchain/program-path.ts'
import { answerLimitMs, askWithin, lastLineOf } from './ask-tool.ts'
import type { Check } from './doctor-report.ts'
import type { Surroundings } from './surroundings.ts'

/** The ports that the process environment takes, and what the environments of later versions would need. */

export async function checkPorts(): Promise<Check> {
  const anchor = createServer()
  const block = await claimPortBlock(anchor)
  await new Promise((resolve) => anchor.close(resolve))
  const base = { name: 'ports', area: 'needed' } as const
  return block === undefined
    ? {
        ...base,
        state: 'blocking',
        seen: 'no free block of 40 ports on 127.0.0.1',
        remedy: 'end what listens on 127.0.0.1:20000 to 32760',
      }
    : { ...base, state: 'ready', seen: `free on 127.0.0.1 from ${block.anchorPort}`, remedy: null }
}

const later = 'comes with a later version'

/** Testcontainers needs the daemon's socket, not the docker program. */
export async function checkDocker({ environment }: Surroundings): Promise<Check> {
  const check = (state: Check['state'], seen: string, remedy: string | null): Check => ({
    name: 'k3s',
    area: 'environments',
    state,
    seen: `${later}; ${seen}`,
    remedy,
  })
  const program = findProgram('docker', environment)
  const sockets = socketsOf(environment)
  if (sockets === undefined)
    return check(
      'lacking',
      `DOCKER_HOST=${environment.DOCKER_HOST} is elsewhere and was not asked`,
      'nothing is needed yet',
    )
  const answers = await Promise.all(sockets.map((path) => askWithin((signal) => dockerVersion(path, signal))))
  const at = answers.findIndex(({ value }) => value !== undefined)
  if (at !== -1) return check('ready', `Docker ${answers[at]?.value} answers at ${sockets[at]}`, null)
  const install = program === undefined ? 'install Docker' : 'start its daemon'
  const seen =
    program === undefined ? 'no docker on PATH, and no daemon answers' : `${program}, but no daemon answers`
  return check('lacking', `${seen} at ${sockets[0]}`, `nothing is needed yet; for later, ${install}`)
}

/** Where a daemon may listen on this machine; undefined when DOCKER_HOST names another one. */
function socketsOf(environment: NodeJS.ProcessEnv): string[] | undefined {
  const { DOCKER_HOST: host = '', XDG_RUNTIME_DIR: runtime = '', HOME: home = '' } = environment
  if (host !== '') return host.startsWith('unix://') ? [host.slice('unix://'.length)] : undefined
  return [
    '/var/run/docker.sock',
    ...(runtime === '' ? [] : [join(runtime, 'docker.sock')]),
    ...(home === '' ? [] : [join(home, '.docker', 'run', 'docker.sock')]),
  ]
}

const versionAnswer = z.object({ Version: z.string() })

function dockerVersion(socketPath: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, path: '/version', signal, timeout: answerLimitMs }, (response) => {
      let text = ''
      response
        .on('data', (part) => {
          text += part
        })
        .on('error', reject)
        .on('end', () => {
          try {
            resolve(versionAnswer.parse(JSON.parse(text)).Version)
          } catch (thrown) {
            reject(thrown)
          }
        })
    })
    asking.on('error', reject).end()
  })
}

export async function checkCluster({ environment }: Surroundings): Promise<Check> {
  const base = { name: 'your cluster', area: 'environments' } as const
  const kubectl = findProgram('kubectl', environment)
  if (kubectl === undefined)
    return {
      ...base,
      state: 'lacking',
      seen: `${later}; no kubectl on PATH`,
      remedy: 'nothing is needed yet; for later, install kubectl',
    }
  // It reads a file only; no cluster is asked.
  const context = await lastLineOf(kubectl, ['config', 'current-context'], environment)
  return context.value === undefined
    ? {
        ...base,
        state: 'lacking',
        seen: `${later}; ${kubectl}: ${context.why}`,
        remedy: 'nothing is needed yet; for later, kubectl config use-context NAME',
      }
    : { ...base, state: 'ready', seen: `${later}; the context is ${context.value}`, remedy: null }
}
