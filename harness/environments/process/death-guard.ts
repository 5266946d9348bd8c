/**
 * The last line of defence: a shell that sleeps on a pipe from the supervisor. When the pipe closes and nobody said
 * goodbye, the supervisor was killed; the shell then kills every process group that was left behind, children of
 * children included, and removes their data.
 *
 * Not covered: a process that leaves its group (a daemon); and, where there is no `setpriv`, the moment in which
 * supervisor and guard are killed at once.
 */
import { spawn } from 'node:child_process'

const script = `
groups=
while read -r word group; do
  case $word in
    watch) groups="$groups $group" ;;
    goodbye) exit 0 ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group"; done
rm -rf -- "$1" || rm -rf -- "$1"
`

export interface DeathGuard {
  readonly pid: number | undefined
  /** From now on this process group dies with the supervisor. */
  watch(groupId: number): void
  /** Everything has ended in good order: the guard goes without touching anything. */
  goodbye(): Promise<void>
}

/** @param onLost called when the guard itself ends early, so that the protection is missing */
export function startDeathGuard(dataFolder: string, onLost: (reason: string) => void): DeathGuard {
  const guard = spawn('/bin/sh', ['-c', script, 'signalproof-death-guard', dataFolder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env.PATH },
  })
  let dismissed = false
  guard.on('error', (error) => onLost(error.message))
  guard.on('exit', (exitCode, signal) => {
    if (!dismissed) onLost(`it ended with ${signal ?? exitCode}`)
  })
  // Writing to a guard that is gone: its exit has been reported already.
  guard.stdin.on('error', () => {})
  guard.unref()
  return {
    pid: guard.pid,
    watch: (groupId) => {
      guard.stdin.write(`watch ${groupId}\n`)
    },
    goodbye: () => {
      dismissed = true
      return new Promise((resolve) => guard.stdin.end('goodbye\n', () => resolve()))
    },
  }
}
