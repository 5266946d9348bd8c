import { appendFileSync } from 'node:fs'
import { runTethered } from '../../toolchain/tethered-command.ts'
import { RunQueueWait } from './run-queue-wait.ts'

/**
 * Lets the apps have a core first where generator and system share a machine: the generator gets a third of what they get
 * while both want one, and all of what they leave.
 */
const generatorNiceness = 5

/**
 * Starts the generator with its own niceness, also where Linux weighs sessions against each other (sched_autogroup), says its pid, waits, and says what it used: `times` gives the shell's own
 * seconds in its first line and those of all that it waited for in the second. All goes through one pipe, so that nothing the
 * generator said comes after it.
 */
const script = `
if [ -w /proc/$$/autogroup ]; then echo ${generatorNiceness} >/proc/$$/autogroup; fi 2>/dev/null
nice -n ${generatorNiceness} "$@" 2>&1 &
echo "signalproof-generator pid $!"
wait $!
status=$?
echo signalproof-generator times
times
exit $status
`

export interface GeneratorCommand {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly environment: NodeJS.ProcessEnv
  readonly logFile: string
  readonly signal: AbortSignal
  readonly onLine: (line: string) => void
}

/** Seconds of CPU; null where the platform does not say how long a process waited for it. */
export interface GeneratorCpu {
  readonly seconds: number
  readonly waitedSeconds: number | null
}

export interface GeneratorEnd {
  readonly exitCode: number
  readonly cpu: GeneratorCpu
}

/** What a run may write to its log: every failed request is a line. */
const mostLogLines = 20_000

/**
 * Runs the generator until its end. It dies with this process, however that dies.
 * @throws the signal's reason, after the generator has ended
 */
export async function runGenerator(command: GeneratorCommand): Promise<GeneratorEnd> {
  const { program, args, cwd, environment, logFile, signal, onLine } = command
  const waiting = new RunQueueWait()
  let lines = 0
  let timesBegun = false
  const times: string[] = []
  try {
    const { exitCode } = await runTethered({
      program: '/bin/sh',
      args: ['-c', script, 'signalproof-generator', program, ...args],
      cwd,
      environment,
      signal,
      onLine: (line) => {
        const pid = /^signalproof-generator pid (\d+)$/.exec(line)?.[1]
        if (pid !== undefined) return waiting.follow(Number(pid))
        if (line === 'signalproof-generator times') timesBegun = true
        else if (timesBegun) times.push(line)
        else {
          lines += 1
          if (lines <= mostLogLines) appendFileSync(logFile, `${line}\n`)
          onLine(line)
        }
      },
    })
    return { exitCode, cpu: { seconds: secondsOf(times[1] ?? ''), waitedSeconds: waiting.seconds } }
  } finally {
    waiting.stop()
  }
}

/** User and system time as POSIX' `times` writes them: `0m1.230s 0m0.410s`. */
export function secondsOf(line: string): number {
  const parts = [...line.matchAll(/(\d+)m([\d.]+)s/g)]
  if (parts.length !== 2) throw new Error(`expected user and system time of the shell's times; seen: ${line}`)
  return parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0)
}
