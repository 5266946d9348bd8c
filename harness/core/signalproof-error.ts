import { type ErrorCode, type ErrorFamily, errorCodes, exitStatus } from './error-codes.ts'

/** What a reader of an error needs, in the order in which they need it. */
export interface ErrorAccount {
  /** What should have been so, as a sentence without a full stop. */
  readonly expected: string
  /** What was so instead: the value, answer or last line that was seen. */
  readonly seen: string
  /** What to do next: a command to run or a setting to look at. */
  readonly remedy: string
  /** For bad input: the exact place, e.g. `alerts/logs/log-errors.yaml groups[0].rules[0].expr`. */
  readonly where?: string
  readonly cause?: unknown
}

/** The one error class of signalproof: a stable code and an account of expected, seen and what to try. */
export class SignalproofError extends Error {
  override readonly name = 'SignalproofError'
  /** Vitest loads global set-up by a module graph of its own: an error of that graph's class is one of these, too. */
  static override [Symbol.hasInstance](thrown: unknown): boolean {
    return thrown instanceof Error && thrown.name === 'SignalproofError' && 'account' in thrown
  }

  readonly code: ErrorCode
  readonly account: ErrorAccount

  constructor(code: ErrorCode, account: ErrorAccount) {
    super(writeAccount(code, account), account.cause === undefined ? undefined : { cause: account.cause })
    this.code = code
    const { cause: _, ...said } = account
    this.account = said
  }

  get family(): ErrorFamily {
    return errorCodes[this.code].family
  }

  get exitStatus(): number {
    return exitStatus[this.family]
  }
}

function writeAccount(code: ErrorCode, account: ErrorAccount): string {
  const lines = [
    `${code}: expected ${account.expected}`,
    `  seen: ${account.seen}`,
    `  try:  ${account.remedy}`,
  ]
  if (account.where !== undefined) lines.splice(1, 0, `  at:   ${account.where}`)
  return lines.join('\n')
}

/** The exit status for anything that was thrown: a defect of our own counts as a broken environment, never as a broken stack. */
export function exitStatusOf(thrown: unknown): number {
  return thrown instanceof SignalproofError ? thrown.exitStatus : exitStatus.environment
}

/** Any thrown value as one line for a "last seen". */
export function describeThrown(thrown: unknown): string {
  if (thrown instanceof SignalproofError) return thrown.account.seen
  if (thrown instanceof Error) return thrown.message.split('\n')[0] ?? thrown.name
  return String(thrown)
}
