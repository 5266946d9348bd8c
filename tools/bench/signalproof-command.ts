import { fileURLToPath } from 'node:url'
import { execa } from 'execa'

/** The repository's root: where the commands are run. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface CommandEnd {
  readonly exitCode: number
  readonly stdout: string
  /** From the start of the program to its end. */
  readonly processMs: number
}

/** A command that ended in another way than was allowed for. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed'
}

/**
 * Runs `signalproof …` as its user does, with a session of its own: a terminal's Ctrl-C reaches the bench alone, which
 * passes it on once by `signal` and leaves the command the time it needs to end in order.
 * @throws CommandFailed with what it wrote last, when its exit code is none of `allowed`; the signal's reason
 */
export async function signalproof(
  args: readonly string[],
  { allowed = [0], signal }: { allowed?: readonly number[]; signal?: AbortSignal } = {},
): Promise<CommandEnd> {
  signal?.throwIfAborted()
  const startedAt = performance.now()
  const end = await execa(process.execPath, ['harness/cli/main.ts', ...args], {
    cwd: root,
    reject: false,
    stdin: 'ignore',
    detached: true,
    forceKillAfterDelay: false,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  })
  const processMs = performance.now() - startedAt
  signal?.throwIfAborted()
  if (end.exitCode !== undefined && allowed.includes(end.exitCode))
    return { exitCode: end.exitCode, stdout: end.stdout, processMs }
  throw new CommandFailed(
    `expected \`signalproof ${args.join(' ')}\` to end with ${allowed.join(' or ')}; seen: ${end.shortMessage}\n${end.stderr.split('\n').slice(-20).join('\n')}`,
  )
}
