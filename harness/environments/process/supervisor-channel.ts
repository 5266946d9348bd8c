/** The supervisor as a child process of the harness, and the channel between the two. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SignalproofError } from '../../core/signalproof-error.ts'
import { componentDied, componentNotReady, noPorts, supervisorFailed } from './supervisor-errors.ts'
import type { StopReason, SupervisorEvent, SupervisorRequest } from './supervisor-protocol.ts'

// The published package holds the same files as .js.
const ownExtension = extname(fileURLToPath(import.meta.url))
const supervisorFile = fileURLToPath(new URL(`./supervisor${ownExtension}`, import.meta.url))

/** How the connection to a supervisor came to its end. */
export interface SupervisorEnd {
  /** `kept`: the environment goes on without this harness. `died`: the supervisor ended without a last word. */
  readonly reason: StopReason | 'kept' | 'died'
  /** What could not be ended or removed. */
  readonly leftBehind: readonly string[]
  /** Set unless the end was asked for: what makes the environment, and so every verdict on it, invalid. */
  readonly error?: SignalproofError
}

type EventKind = SupervisorEvent['kind']
type EventOf<K extends EventKind> = Extract<SupervisorEvent, { kind: K }>

export class SupervisorChannel {
  /** Settles, never rejects, when the supervisor is gone or goes on without this harness. */
  readonly ended: Promise<SupervisorEnd>
  /**
   * Resolves with what makes the environment, and so every verdict on it, invalid: at the first word of it, while the
   * components that are left are still being stopped. Of one that was asked to end it never settles.
   */
  readonly failed: Promise<SignalproofError>
  readonly #folder: string
  readonly #child: ChildProcess
  readonly #onEvent: (event: SupervisorEvent) => void
  readonly #heard = new Map<EventKind, PromiseWithResolvers<SupervisorEvent>>()
  readonly #failing = Promise.withResolvers<SignalproofError>()
  #failure: SignalproofError | undefined
  #reason: SupervisorEnd['reason'] = 'died'
  #why: string | undefined
  #leftBehind: readonly string[] = []

  constructor(folder: string, onEvent: (event: SupervisorEvent) => void) {
    this.#folder = folder
    this.#onEvent = onEvent
    this.#child = spawnSupervisor(folder)
    this.#child.on('message', (event: SupervisorEvent) => this.#hear(event))
    this.ended = this.#end()
    this.failed = this.#failing.promise
    void this.ended.then(({ error }) => error !== undefined && this.#failing.resolve(error))
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** A channel that is closed is no error here: `ended` says why it is. */
  send(request: SupervisorRequest): void {
    if (this.#child.connected) this.#child.send(request, () => {})
  }

  /**
   * The first event of a kind, now or later.
   * @throws SignalproofError what ended the supervisor before it came
   */
  async event<K extends EventKind>(kind: K): Promise<EventOf<K>> {
    const ended = this.ended.then(({ error }): never => {
      throw error ?? supervisorFailed(`to report "${kind}"`, 'it was stopped before', this.#folder)
    })
    return (await Promise.race([this.#first(kind).promise, ended])) as EventOf<K>
  }

  /** Lets a supervisor that said `kept` go on alone. */
  release(): void {
    this.#reason = 'kept'
    this.#child.disconnect()
    this.#child.unref()
  }

  /** For one that does not react; its death guard ends what it leaves. */
  kill(): void {
    this.#child.kill('SIGKILL')
  }

  #first(kind: EventKind): PromiseWithResolvers<SupervisorEvent> {
    const known = this.#heard.get(kind) ?? Promise.withResolvers<SupervisorEvent>()
    this.#heard.set(kind, known)
    return known
  }

  #hear(event: SupervisorEvent): void {
    if (event.kind === 'no-ports') this.#failure = noPorts()
    if (event.kind === 'died') this.#failure = componentDied(event)
    if (event.kind === 'not-ready') this.#failure = componentNotReady(event)
    if (this.#failure !== undefined) this.#failing.resolve(this.#failure)
    if (event.kind === 'stopping') {
      this.#reason = event.reason
      this.#why = `${event.reason}: ${event.detail}`
    }
    if (event.kind === 'stopped') this.#leftBehind = event.leftBehind
    this.#first(event.kind).resolve(event)
    this.#onEvent(event)
  }

  async #end(): Promise<SupervisorEnd> {
    const child = this.#child
    const gone = new Promise<string>((resolve) => {
      child.once('exit', (exitCode, signal) => resolve(`it ended with ${signal ?? `exit code ${exitCode}`}`))
      child.once('error', (error) => resolve(`it could not be started: ${error.message}`))
    })
    // The last events may still be in the channel when the process is gone already.
    if (child.connected) await new Promise((resolve) => child.once('disconnect', resolve))
    if (this.#reason === 'kept') return { reason: 'kept', leftBehind: [] }
    const how = await gone
    const end = { reason: this.#reason, leftBehind: this.#leftBehind }
    if (end.reason === 'asked') return end
    const error =
      this.#failure ?? supervisorFailed('to run until it is asked to stop', this.#why ?? how, this.#folder)
    return { ...end, error }
  }
}

function spawnSupervisor(folder: string): ChildProcess {
  mkdirSync(join(folder, 'logs'), { recursive: true })
  const log = openSync(join(folder, 'logs', 'supervisor.log'), 'a')
  try {
    return spawn(process.execPath, [supervisorFile, folder], {
      // A session of its own: Ctrl-C in a terminal goes to the harness alone, which then decides.
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      env: { ...process.env, NODE_OPTIONS: undefined, ...compileCache() },
    })
  } finally {
    closeSync(log)
  }
}

/** Removing the types takes half of a supervisor's start, so a checkout keeps the result beside its dependencies. */
function compileCache(): NodeJS.ProcessEnv {
  if (ownExtension !== '.ts') return {}
  return {
    NODE_COMPILE_CACHE: fileURLToPath(new URL('../../../node_modules/.cache/supervisor', import.meta.url)),
  }
}
