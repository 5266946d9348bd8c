/** What the operating system knows about processes: which one a pid names, and who is left in a process group. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

interface ProcessRow {
  readonly pid: number
  readonly groupId: number
  readonly start: string
}

/**
 * When a process started, in words only fit for comparing: the same pid with another start is another process.
 * @returns undefined when no process has this pid, or only the remains of one whose end nobody collected
 */
export function processStart(pid: number, platform: NodeJS.Platform = process.platform): string | undefined {
  return (platform === 'linux' ? readProc(String(pid)) : readPs(['-p', String(pid)])[0])?.start
}

/** The pids of the processes in a group that still run; what has ended and was not collected yet does not count. */
export function livingMembers(groupId: number, platform: NodeJS.Platform = process.platform): number[] {
  if (!groupExists(groupId)) return []
  const rows = platform === 'linux' ? readProcAll() : readPs(['-A'])
  return rows.filter((row) => row.groupId === groupId).map((row) => row.pid)
}

/** Sends a signal to every process of a group; a group that is gone already is what was wanted. */
export function signalGroup(groupId: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-groupId, signal)
  } catch (thrown) {
    if (!isNoSuchProcess(thrown)) throw thrown
  }
}

function groupExists(groupId: number): boolean {
  try {
    process.kill(-groupId, 0)
    return true
  } catch (thrown) {
    return !isNoSuchProcess(thrown)
  }
}

function isNoSuchProcess(thrown: unknown): boolean {
  return (thrown as NodeJS.ErrnoException).code === 'ESRCH'
}

function readProcAll(): ProcessRow[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => readProc(pid) ?? [])
}

let bootId: string | undefined

/** proc(5): the command name in brackets may hold anything, so the fields are counted from its last bracket. */
function readProc(pid: string): ProcessRow | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`)
  const [state = '', , groupId, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (stat === '' || isEnded(state)) return undefined
  // The start is counted in ticks since boot, so that only together with the boot does it name one process.
  bootId ??= readIfThere('/proc/sys/kernel/random/boot_id').trim()
  return { pid: Number(pid), groupId: Number(groupId), start: `${bootId} ${rest[16]}` }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function readPs(selection: readonly string[]): ProcessRow[] {
  let table: string
  try {
    table = execFileSync('ps', [...selection, '-o', 'pid=,pgid=,stat=,lstart='], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch (thrown) {
    // ps ends with 1 when nothing matches; that it is missing is another matter.
    if ((thrown as { status?: unknown }).status === 1) return []
    throw thrown
  }
  return table.split('\n').flatMap((line) => {
    const [, pid, groupId, state = '', start = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
    return pid === undefined || isEnded(state) ? [] : [{ pid: Number(pid), groupId: Number(groupId), start }]
  })
}

const isEnded = (state: string): boolean => state.startsWith('Z') || state.startsWith('X')
