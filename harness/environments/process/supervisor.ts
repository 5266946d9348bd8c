/**
 * The supervisor: one process per environment that owns every component of it, so that whatever way the harness ends
 * nothing stays behind. It runs in a session of its own, where a terminal's Ctrl-C does not reach it, and ends, with
 * everything that it started, when
 * - it is asked to, over the channel or the control server,
 * - the channel closes and the environment was not to be kept: the harness ended, crashed or was killed,
 * - a component ends by itself or does not become ready: the environment is then worth nothing,
 * - it gets a SIGTERM, SIGINT or SIGHUP.
 * When it is itself killed, the death guard ends what it leaves.
 *
 * Imports of this file and of those that it loads are limited to what Node brings along: it has to be up in a moment.
 *
 * Usage: supervisor <folder of the environment>, with an IPC channel.
 */
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { createControlServer } from './control-server.ts'
import { startDeathGuard } from './death-guard.ts'
import { NetworkLink } from './network-link.ts'
import { PlanExecution } from './plan-execution.ts'
import { claimPortBlock } from './port-block.ts'
import { StackFaults } from './stack-faults.ts'
import {
  type ComponentPlan,
  type StopReason,
  type SupervisorEvent,
  type SupervisorRequest,
  stopWithinMs,
  type WaysToBreak,
} from './supervisor-protocol.ts'

const [, , folder] = process.argv
if (folder === undefined || process.send === undefined) {
  process.stderr.write('usage: supervisor <folder>, started by the harness with an IPC channel\n')
  process.exit(2)
}

const dataFolder = join(folder, 'data')
const startedAt = new Date().toISOString()
const token = randomBytes(32).toString('base64url')

let plan: readonly ComponentPlan[] = []
let targetsFolder = ''
let links: readonly NetworkLink[] = []
let execution: PlanExecution | undefined
let keptDigest: string | null = null
let removeFolder = false
let stopping: string | null = null
let ending: Promise<void> | undefined

process.on('disconnect', () => {
  if (keptDigest === null) void end('harness-gone', 'the channel to the harness closed')
})
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => void end('signal', signal))
}
process.on('uncaughtException', (thrown) => void end('defect', thrown.stack ?? String(thrown)))
process.on(
  'unhandledRejection',
  (thrown) => void end('defect', thrown instanceof Error ? `${thrown.stack}` : String(thrown)),
)
process.on('message', (request: SupervisorRequest) => {
  if (request.kind === 'plan') void startPlan(request.components, request.ways)
  if (request.kind === 'keep') keep(request.digest)
  if (request.kind === 'stop') {
    removeFolder ||= request.removeFolder
    void end('asked', 'by the harness')
  }
})

const guard = startDeathGuard(dataFolder, (reason) => note(`the death guard is lost: ${reason}`))
const faults = new StackFaults({
  cutLink: (name, isCut) => {
    const link = links.find((candidate) => candidate.name === name)
    if (isCut) link?.cut()
    else link?.mend()
    return link !== undefined
  },
  pauseComponent: (name, isPaused) => execution?.pause(name, isPaused) ?? false,
  stopComponent: (name) => execution?.halt(name) ?? false,
  startComponent: async (name) => execution?.resume(name),
  holdLogs: (areHeld) => execution?.holdLogs(areHeld),
  get targetsFolder() {
    return targetsFolder
  },
})
const server = createControlServer(token, {
  faults,
  status: () => ({
    pid: process.pid,
    startedAt,
    digest: keptDigest,
    stopping: stopping ?? (execution?.isOver === true ? 'a component failed' : null),
    components: execution?.status() ?? [],
  }),
  stop: (options) => {
    removeFolder ||= options.removeFolder
    void end('asked', 'over the control server')
    return { withinMs: stopWithinMs(plan) }
  },
})
const block = await claimPortBlock(server)
if (block === undefined) {
  emit({ kind: 'no-ports' })
  await end('defect', 'no block of ports is free')
} else {
  emit({ kind: 'claimed', ...block, token })
}
// The harness may have gone before anybody listened for it.
if (!process.connected && keptDigest === null)
  await end('harness-gone', 'the channel to the harness was closed')

async function startPlan(components: readonly ComponentPlan[], ways: WaysToBreak): Promise<void> {
  if (ending !== undefined || execution !== undefined) return
  plan = components
  targetsFolder = ways.targetsFolder
  links = ways.links.map((link) => new NetworkLink(link))
  execution = new PlanExecution(components, {
    emit,
    onGroup: guard.watch,
    onFailure: (failure) => {
      emit(failure)
      void end('component-failed', failure.name)
    },
    wrapper: dyingWithParent(),
  })
  try {
    await Promise.all(links.map((link) => link.open()))
  } catch (thrown) {
    return await end('defect', `a link between two components could not be opened: ${thrown}`)
  }
  await execution.start()
}

function keep(digest: string): void {
  if (ending !== undefined) return
  keptDigest = digest
  emit({ kind: 'kept' })
}

function end(reason: StopReason, detail: string): Promise<void> {
  ending ??= endOnce(reason, detail).catch((thrown) => {
    note(`ending failed, the rest is the death guard's: ${thrown}`)
    process.exit(1)
  })
  return ending
}

async function endOnce(reason: StopReason, detail: string): Promise<void> {
  stopping = `${reason}: ${detail}`
  emit({ kind: 'stopping', reason, detail })
  faults.endAll()
  const leftBehind = (await execution?.stop()) ?? []
  await Promise.all(links.map((link) => link.close()))
  await remove(dataFolder, leftBehind)
  if (removeFolder) await remove(folder as string, leftBehind)
  // The guard does not get its goodbye while there is something left for it to try.
  if (leftBehind.length === 0) await guard.goodbye()
  emit({ kind: 'stopped', leftBehind }, () => process.exit(leftBehind.length === 0 ? 0 : 1))
}

async function remove(path: string, leftBehind: string[]): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 3 })
  } catch (thrown) {
    leftBehind.push(`${path} (${thrown instanceof Error ? thrown.message : thrown})`)
  }
}

/**
 * Linux can end a process together with its parent. The death guard does the same for whole groups; this one also
 * works in the instant before the guard knows of a process, and when the guard is killed too.
 */
function dyingWithParent(): string[] {
  if (process.platform !== 'linux') return []
  const setpriv = (process.env.PATH ?? '')
    .split(delimiter)
    .map((directory) => join(directory, 'setpriv'))
    .find((file) => existsSync(file))
  if (setpriv === undefined) return []
  const options = ['--pdeathsig', 'KILL', '--']
  return spawnSync(setpriv, [...options, 'true']).status === 0 ? [setpriv, ...options] : []
}

function emit(event: SupervisorEvent, done: () => void = () => {}): void {
  note(JSON.stringify(event.kind === 'claimed' ? { ...event, token: 'hidden' } : event))
  if (process.connected) process.send?.(event, done)
  else done()
}

function note(text: string): void {
  process.stderr.write(`${new Date().toISOString()} ${text}\n`)
}
