import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { livingMembers } from '../../harness/environments/process/process-table.ts'

/** What a process has used: memory now, processor time since it began. */
export interface ProcessUsage {
  readonly memoryBytes: number
  /** The part that no file holds: what the process itself wrote. Not known everywhere. */
  readonly anonymousBytes: number | null
  readonly cpuMs: number
}

/**
 * How memory is counted here. PSS gives a page that several processes share to each in equal parts, so that a sum counts
 * it once; RSS gives it to each as a whole, so that a sum is above the truth.
 */
export const memoryKind = process.platform === 'linux' ? 'PSS' : 'RSS'

/** The kernel's unit in /proc for processor time: a hundredth of a second on every platform that Node runs on. */
const tickMs = 10

/** All processes of a component: it leads their group. */
export function usageOfGroup(groupId: number): ProcessUsage {
  const usages = livingMembers(groupId).map(usageOf)
  if (usages.length === 0)
    throw new Error(`expected a running process ${groupId}; seen none; try \`signalproof status\``)
  return {
    memoryBytes: usages.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
    anonymousBytes: usages.reduce<number | null>((sum, one) => addKnown(sum, one.anonymousBytes), 0),
    cpuMs: usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
  }
}

export const addKnown = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : a + b

/**
 * How many processes other than these and this one run the same programs: each of them takes its part of the shared
 * pages, so that PSS is lower than it is for an environment alone.
 */
export function othersRunning(pids: readonly number[]): number {
  if (process.platform !== 'linux') return 0
  const programs = new Set(pids.map(programOf))
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && !pids.includes(pid) && programs.has(programOf(pid) ?? '')).length
}

function programOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`)
  } catch {
    // It has ended meanwhile, or is a thread of the kernel.
    return undefined
  }
}

function usageOf(pid: number): ProcessUsage {
  if (process.platform !== 'linux') {
    return parsePs(
      execFileSync('ps', ['-o', 'rss=,time=', '-p', String(pid)], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, LC_ALL: 'C' },
      }),
    )
  }
  return parseProc(
    readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'),
    readFileSync(`/proc/${pid}/stat`, 'utf8'),
  )
}

/** proc(5): the command name in brackets may hold anything, so the fields are counted from its last bracket. */
export function parseProc(smapsRollup: string, stat: string): ProcessUsage {
  const bytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(smapsRollup)?.[1]) * 1024
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return checked(
    {
      memoryBytes: bytes('Pss'),
      anonymousBytes: bytes('Pss_Anon'),
      cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs,
    },
    stat,
  )
}

/** One line of `ps -o rss=,time=`: kibibytes and `[[days-]hours:]minutes:seconds[.hundredths]`. */
export function parsePs(line: string): ProcessUsage {
  const [, rssKib, days = '0', clock = ''] = /^\s*(\d+)\s+(?:(\d+)-)?([\d:.]+)\s*$/.exec(line) ?? []
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  return checked(
    {
      memoryBytes: Number(rssKib) * 1024,
      anonymousBytes: null,
      cpuMs: (Number(days) * 86_400 + seconds) * 1000,
    },
    line,
  )
}

function checked(usage: ProcessUsage, source: string): ProcessUsage {
  if (Object.values(usage).every((value) => value === null || Number.isFinite(value))) return usage
  throw new Error(`expected memory and processor time of a process; seen: ${source.trim()}`)
}
