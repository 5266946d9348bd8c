/** Starts the components of a plan as early as their needs allow, and stops them in the opposite order. */
import { type ComponentExit, ComponentProcess } from './component-process.ts'
import { signalGroup } from './process-table.ts'
import type {
  ComponentPlan,
  ComponentStatus,
  DiedEvent,
  NotReadyEvent,
  SupervisorEvent,
} from './supervisor-protocol.ts'

export interface PlanExecutionOptions {
  readonly emit: (event: SupervisorEvent) => void
  /** Called with every process group right after it came to be. */
  readonly onGroup: (groupId: number) => void
  /** Called once, when the plan can no longer hold. */
  readonly onFailure: (failure: DiedEvent | NotReadyEvent) => void
  /** See ComponentProcess. */
  readonly wrapper: readonly string[]
}

interface Component {
  readonly plan: ComponentPlan
  state: ComponentStatus['state']
  process?: ComponentProcess
  /** Settles when it has been stopped as a fault; absent while it runs. */
  halted?: Promise<unknown>
  readyAfterMs: number | null
}

export class PlanExecution {
  readonly #options: PlanExecutionOptions
  readonly #components: ReadonlyMap<string, Component>
  readonly #starts = new Map<string, Promise<boolean>>()
  readonly #stops = new Map<string, Promise<string[]>>()
  #over = false

  constructor(plans: readonly ComponentPlan[], options: PlanExecutionOptions) {
    this.#options = options
    this.#components = new Map(
      plans.map((plan) => [plan.name, { plan, state: 'waiting', readyAfterMs: null } satisfies Component]),
    )
  }

  /** The plan no longer holds, or is being stopped; `onFailure` may still be reading what the component said last. */
  get isOver(): boolean {
    return this.#over
  }

  status(): ComponentStatus[] {
    return [...this.#components.values()].map(({ plan, state, process, readyAfterMs }) => ({
      name: plan.name,
      state,
      pid: process?.pid ?? null,
      readyAfterMs,
      readyUrl: plan.ready.url,
    }))
  }

  /** Stops or continues the whole process group of a component. @returns false when there is none */
  pause(name: string, isPaused: boolean): boolean {
    const groupId = this.#components.get(name)?.process?.pid
    if (groupId === undefined) return false
    signalGroup(groupId, isPaused ? 'SIGSTOP' : 'SIGCONT')
    return true
  }

  /** Stops a component in order, as a fault: it is no failure. @returns false when it does not run */
  halt(name: string): boolean {
    const component = this.#components.get(name)
    if (component?.process === undefined || component.halted !== undefined) return false
    component.halted = component.process.stop()
    return true
  }

  /** Starts a component again that was halted, and settles when it is ready or will not be. */
  async resume(name: string): Promise<void> {
    const component = this.#component(name)
    await component.halted
    delete component.halted
    await this.#startOne(component)
  }

  /** Keeps what the components in pods write from their log files, or writes all of it. */
  holdLogs(areHeld: boolean): void {
    for (const { process } of this.#components.values()) process?.holdLog(areHeld)
  }

  /** Settles when every component is ready, or when that can no longer happen. */
  async start(): Promise<void> {
    const startedAt = performance.now()
    const ready = await Promise.all([...this.#components.keys()].map((name) => this.#startOnce(name)))
    if (ready.every(Boolean) && !this.#over) {
      this.#options.emit({ kind: 'all-ready', afterMs: performance.now() - startedAt })
    }
  }

  /** Stops whatever was started; says for each process that could not be ended which one it is. */
  async stop(): Promise<string[]> {
    this.#over = true
    return (await Promise.all([...this.#components.keys()].map((name) => this.#stopOnce(name)))).flat()
  }

  #startOnce(name: string): Promise<boolean> {
    return remember(this.#starts, name, () => this.#start(name))
  }

  #stopOnce(name: string): Promise<string[]> {
    return remember(this.#stops, name, () => this.#stop(name))
  }

  async #start(name: string): Promise<boolean> {
    const component = this.#component(name)
    const needs = await Promise.all(component.plan.needs.map((need) => this.#startOnce(need)))
    return needs.every(Boolean) && this.#startOne(component)
  }

  async #startOne(component: Component): Promise<boolean> {
    const { name } = component.plan
    if (this.#over) return false
    const process = this.#spawn(component)
    if (process === undefined) return false
    const readiness = await process.becomesReady()
    if (this.#over || readiness.kind === 'given-up') return false
    if (readiness.kind === 'not-ready') {
      await this.#fail(async () => notReady(component.plan, readiness.lastSeen, await process.lastLines()))
      return false
    }
    component.state = 'ready'
    component.readyAfterMs = readiness.afterMs
    this.#options.emit({ kind: 'ready', name, afterMs: readiness.afterMs })
    return true
  }

  #spawn(component: Component): ComponentProcess | undefined {
    const { name } = component.plan
    let process: ComponentProcess
    try {
      process = new ComponentProcess(component.plan, this.#options.wrapper)
    } catch (thrown) {
      void this.#fail(async () => died(component.plan, { exitCode: null, signal: null }, [String(thrown)]))
      return undefined
    }
    component.process = process
    component.state = 'starting'
    if (process.pid !== undefined) {
      this.#options.onGroup(process.pid)
      this.#options.emit({ kind: 'started', name, pid: process.pid })
    }
    void process.exited.then((exit) => {
      component.state = 'ended'
      if (component.halted !== undefined) return
      void this.#fail(async () => died(component.plan, exit, await lastWords(process, exit)))
    })
    return process
  }

  /**
   * The first failure is the one to report; those that follow from it are not. It is taken at once and described
   * after, because reading its last lines takes time.
   */
  async #fail(describe: () => Promise<DiedEvent | NotReadyEvent>): Promise<void> {
    if (this.#over) return
    this.#over = true
    this.#options.onFailure(await describe())
  }

  async #stop(name: string): Promise<string[]> {
    const dependents = [...this.#components.values()].filter(({ plan }) => plan.needs.includes(name))
    await Promise.all(dependents.map(({ plan }) => this.#stopOnce(plan.name)))
    const component = this.#component(name)
    await component.halted
    const left = (await component.process?.stop()) ?? []
    return left.map((pid) => `process ${pid} of ${name}`)
  }

  #component(name: string): Component {
    const component = this.#components.get(name)
    if (component === undefined) throw new Error(`the plan has no component ${name}`)
    return component
  }
}

async function lastWords(process: ComponentProcess, { notStarted }: ComponentExit): Promise<string[]> {
  return notStarted === undefined ? process.lastLines() : [notStarted]
}

function died(
  plan: ComponentPlan,
  { exitCode, signal }: ComponentExit,
  lastLines: readonly string[],
): DiedEvent {
  return { kind: 'died', name: plan.name, exitCode, signal, lastLines, logFile: plan.logs.file }
}

function notReady(plan: ComponentPlan, lastSeen: string, lastLines: readonly string[]): NotReadyEvent {
  return { kind: 'not-ready', name: plan.name, ...plan.ready, lastSeen, lastLines, logFile: plan.logs.file }
}

function remember<T>(memory: Map<string, T>, name: string, make: () => T): T {
  const known = memory.get(name)
  if (known !== undefined) return known
  const made = make()
  memory.set(name, made)
  return made
}
