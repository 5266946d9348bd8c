import { execa } from 'execa'

/**
 * Runs the command in a process group of its own and waits for the end of standard input meanwhile. That end comes when
 * the harness dies, however it dies: then the whole group is killed, since nobody would be left to do it.
 * Not covered: a grandchild that leaves the group (none of Go, pip, tar and the collector builder starts one).
 */
const tether = `
exec 3<&0
{ read -r _ <&3; kill -KILL 0; } >/dev/null 2>&1 &
watcher=$!
"$@" </dev/null 3<&- &
wait $!
status=$?
kill -KILL $watcher
exit $status
`

export interface TetheredCommand {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly environment: NodeJS.ProcessEnv
  readonly signal?: AbortSignal | undefined
  readonly onLine?: ((line: string) => void) | undefined
}

export interface CommandEnd {
  readonly exitCode: number
  /** The last lines of standard output and standard error together. */
  readonly lastLines: readonly string[]
}

const keptLines = 40

/**
 * Runs a program whose life is tied to this process, and hands back how it ended; a status other than 0 is no error here.
 * @throws the signal's reason, after the whole process group has ended
 */
export async function runTethered(command: TetheredCommand): Promise<CommandEnd> {
  const { program, args, cwd, environment, signal, onLine } = command
  signal?.throwIfAborted()
  const child = execa('/bin/sh', ['-c', tether, 'tether', program, ...args], {
    cwd,
    // What the programs say is read by us too, so they say it in one language.
    env: { ...environment, LC_ALL: 'C' },
    extendEnv: false,
    detached: true,
    stdin: 'pipe',
    all: true,
    buffer: false,
    reject: false,
  })
  const giveUp = () => killGroup(child.pid)
  signal?.addEventListener('abort', giveUp, { once: true })
  try {
    const lastLines: string[] = []
    for await (const line of child.iterable({ from: 'all' })) {
      lastLines.push(line)
      if (lastLines.length > keptLines) lastLines.shift()
      onLine?.(line)
    }
    const end = await child
    signal?.throwIfAborted()
    return { exitCode: end.exitCode ?? 128, lastLines }
  } finally {
    signal?.removeEventListener('abort', giveUp)
  }
}

/** Ends a program that leads a process group, with all that it started; one that never started or is gone needs nothing. */
export function killGroup(leader: number | undefined): void {
  if (leader === undefined) return
  try {
    process.kill(-leader, 'SIGKILL')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown
  }
}
