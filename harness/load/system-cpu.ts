import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { ask } from '../core/http.ts'
import type { RunningEnvironment } from '../environments/contract.ts'
import { livingMembers } from '../environments/process/process-table.ts'

const status = z.object({
  components: z.array(z.object({ name: z.string(), pid: z.number().nullable() })),
})

/** The kernel's unit in /proc for processor time is a hundredth of a second on every platform that Node runs on. */
const ticksPerSecond = 100

/**
 * Seconds of CPU that each component has used since its begin, where the components are processes of this machine and its
 * kernel says it; empty elsewhere.
 */
export async function processCpuSeconds({
  kind,
  supervisor,
}: Pick<RunningEnvironment, 'kind' | 'supervisor'>): Promise<Record<string, number>> {
  if (kind !== 'process' || process.platform !== 'linux') return {}
  const { components } = await ask(
    {
      backend: 'the supervisor',
      url: `${supervisor.url}/status`,
      headers: { authorization: `Bearer ${supervisor.token}` },
    },
    status,
  )
  return Object.fromEntries(
    components.flatMap(({ name, pid }) => (pid === null ? [] : [[name, secondsOfGroup(pid)] as const])),
  )
}

/** A component leads the group of all its processes. */
export const secondsOfGroup = (leader: number): number =>
  livingMembers(leader).reduce((sum, pid) => sum + secondsOfProcess(pid), 0)

/** proc(5): the command name in brackets may hold anything, so the fields are counted from its last bracket. */
function secondsOfProcess(pid: number): number {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    // It has ended meanwhile.
    return 0
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}
