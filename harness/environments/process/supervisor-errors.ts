/** What a reader is told when an environment could not be had, or did not last. */
import { join } from 'node:path'
import { formatMs } from '../../core/eventually.ts'
import { SignalproofError } from '../../core/signalproof-error.ts'
import type { DiedEvent, NotReadyEvent } from './supervisor-protocol.ts'

export function componentDied({ name, exitCode, signal, lastLines, logFile }: DiedEvent): SignalproofError {
  const notStarted = exitCode === null && signal === null
  const how = notStarted ? 'it could not be started' : `it ended with ${signal ?? `exit code ${exitCode}`}`
  return new SignalproofError('ENV_COMPONENT_DIED', {
    expected: `${name} to run until the environment is stopped`,
    seen: `${how}; ${quote(lastLines)}`,
    remedy: `correct what the last lines name and start again; the whole log is ${logFile}`,
  })
}

export function componentNotReady(event: NotReadyEvent): SignalproofError {
  const { name, url, withinMs, lastSeen, lastLines, logFile } = event
  return new SignalproofError('ENV_NOT_READY', {
    expected: `${name} to answer 200 on ${url} within ${formatMs(withinMs)} of its start`,
    seen: `${lastSeen}; ${quote(lastLines)}`,
    remedy: `correct what the last lines name; if they name nothing, the machine may be busy with other work; the whole log is ${logFile}`,
  })
}

export function noPorts(): SignalproofError {
  return new SignalproofError('ENV_NO_PORTS', {
    expected: 'a free block of ports on 127.0.0.1, between 20000 and the first port for outgoing connections',
    seen: 'in every block the first port or too many of the others are taken',
    remedy: 'end environments that are no longer needed (`signalproof down`), or see who listens: `ss -ltnp`',
  })
}

export function supervisorFailed(
  expected: string,
  seen: string,
  folder: string,
  cause?: unknown,
): SignalproofError {
  return new SignalproofError('ENV_SUPERVISOR', {
    expected: `the supervisor of the environment ${expected}`,
    seen,
    remedy: `run the command again; what happened is in ${join(folder, 'logs', 'supervisor.log')}`,
    cause,
  })
}

function quote(lastLines: readonly string[]): string {
  if (lastLines.length === 0) return 'it wrote nothing'
  return `its last lines:\n${lastLines.map((line) => `    ${line}`).join('\n')}`
}
