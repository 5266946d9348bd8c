/** One component as a running process group: its output, its readiness and its end. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { CriLogWriter } from './cri-log-writer.ts'
import { readLastLines } from './log-tail.ts'
import { livingMembers, signalGroup } from './process-table.ts'
import { pollReadiness, type Readiness } from './readiness-poll.ts'
import { type ComponentPlan, killWithinMs } from './supervisor-protocol.ts'

export interface ComponentExit {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  /** Why there never was a process. */
  readonly notStarted?: string
}

/** How long the output of an ended process is waited for: a child of its own may hold it open for ever. */
const drainWithinMs = 250
const groupPollMs = 10

export class ComponentProcess {
  /** Settles when the process itself has ended; other members of its group may still be there. */
  readonly exited: Promise<ComponentExit>
  readonly #plan: ComponentPlan
  readonly #child: ChildProcess
  readonly #outputClosed: Promise<unknown>
  readonly #cri: CriLogWriter | undefined
  readonly #over = new AbortController()

  /**
   * Starts it.
   * @param wrapper a command and its arguments that end by executing what follows them; empty for none
   * @throws what the system says when it cannot start it at all; the commonest reasons come by `exited` instead
   */
  constructor(plan: ComponentPlan, wrapper: readonly string[]) {
    this.#plan = plan
    mkdirSync(dirname(plan.logs.file), { recursive: true })
    const log = openSync(plan.logs.file, 'a')
    const output = plan.logs.kind === 'plain' ? log : 'pipe'
    const [command = plan.command, ...args] = [...wrapper, plan.command, ...plan.args]
    try {
      this.#child = spawn(command, args, {
        cwd: plan.cwd,
        env: { ...plan.env },
        stdio: ['ignore', output, output],
        // A session and a process group of its own, so that one signal reaches all of its descendants.
        detached: true,
      })
    } catch (thrown) {
      closeSync(log)
      throw thrown
    }
    this.#outputClosed = new Promise((resolve) => this.#child.once('close', resolve))
    if (plan.logs.kind === 'cri') this.#cri = writeAsCri(this.#child, log)
    else closeSync(log)
    this.exited = new Promise((resolve) => {
      this.#child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }))
      this.#child.once('error', (error) =>
        resolve({ exitCode: null, signal: null, notStarted: error.message }),
      )
    })
    void this.exited.then(() => this.#over.abort())
  }

  /** The pid, which is the id of the process group too; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Settles when it is ready, its limit has passed or it has ended. */
  becomesReady(): Promise<Readiness> {
    return pollReadiness(this.#plan.ready.url, this.#plan.ready.withinMs, this.#over.signal)
  }

  /** Keeps its lines from the file, or writes those that were kept; only of one that logs as in a pod. */
  holdLog(isHeld: boolean): void {
    if (isHeld) this.#cri?.hold()
    else this.#cri?.release()
  }

  /** The last lines that it wrote; for one that has ended, everything that it wrote before is waited for. */
  async lastLines(): Promise<string[]> {
    if (this.#over.signal.aborted) {
      await Promise.race([this.#outputClosed, pause(drainWithinMs, undefined, { ref: false })])
    }
    return readLastLines(this.#plan.logs.file, this.#plan.logs.kind)
  }

  /**
   * Ends the whole group: SIGTERM, and SIGKILL for whoever is left after `stopWithinMs`.
   * @returns the pids that even SIGKILL did not end
   */
  async stop(): Promise<number[]> {
    const groupId = this.pid
    if (groupId === undefined) return []
    signalGroup(groupId, 'SIGTERM')
    if ((await this.#membersLeft(groupId, this.#plan.stopWithinMs)).length === 0) return []
    signalGroup(groupId, 'SIGKILL')
    return this.#membersLeft(groupId, killWithinMs)
  }

  async #membersLeft(groupId: number, withinMs: number): Promise<number[]> {
    const deadline = performance.now() + withinMs
    // While the process itself is there, its exit is reported; only its orphans have to be looked for.
    await Promise.race([this.exited, pause(withinMs, undefined, { ref: false })])
    for (;;) {
      const members = livingMembers(groupId)
      if (members.length === 0 || performance.now() >= deadline) return members
      await pause(groupPollMs)
    }
  }
}

function writeAsCri(child: ChildProcess, log: number): CriLogWriter {
  const writer = new CriLogWriter(log)
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.on('data', (chunk: Buffer) => writer.write(stream, chunk))
    child[stream]?.on('end', () => writer.end(stream))
  }
  child.once('close', () => {
    writer.release()
    closeSync(log)
  })
  return writer
}
