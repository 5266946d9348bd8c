import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { eventually, found, notYet } from '../../../core/eventually.ts'

/** The command lines of the processes in which `text` occurs, by pid. */
export function processesNaming(text: string): Map<number, string> {
  return new Map(allProcesses().filter(([pid, commandLine]) => pid !== process.pid && commandLine.includes(text)))
}

function allProcesses(): [number, string][] {
  if (process.platform === 'linux') {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => [Number(pid), commandLineOf(pid)])
  }
  const table = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,command='], { encoding: 'utf8' })
  return table.split('\n').map((line) => [Number.parseInt(line, 10), line])
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

/** Which of these ports of 127.0.0.1 somebody listens on. */
export async function portsInUse(ports: readonly number[]): Promise<number[]> {
  const inUse = await Promise.all(ports.map(isInUse))
  return ports.filter((_, index) => inUse[index])
}

function isInUse(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(true))
    probe.listen({ port, host: '127.0.0.1' }, () => probe.close(() => resolve(false)))
  })
}

/** Waits until no process but the one excepted names the folder any more and nobody listens on the ports. */
export async function untilNothingIsLeft(folder: string, ports: readonly number[], except?: number): Promise<void> {
  await eventually(
    `every process of ${folder} to be gone and its ports to be free`,
    async () => {
      const processes = [...processesNaming(folder)].filter(([pid]) => pid !== except)
      const left = processes.map(([pid, commandLine]) => `process ${pid}: ${commandLine.slice(-150)}`)
      const taken = (await portsInUse(ports)).map((port) => `port ${port}`)
      return left.length + taken.length === 0 ? found(undefined) : notYet([...left, ...taken].join('\n'))
    },
    { withinMs: 8_000, everyMs: 10, remedy: 'see how the supervisor ended' },
  )
}

/** For a test that failed: ends what it left, pid by pid. */
export function endProcessesNaming(folder: string): void {
  for (const pid of processesNaming(folder).keys()) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has just ended.
    }
  }
}
