import type { ClusterMeasurement, Phase } from './cluster.ts'
import { goals, judge } from './goals.ts'
import { seconds, textTable } from './text-table.ts'
import { writeBroken } from './verify-text.ts'

/** How long a cluster takes, phase by phase, pod by pod, and verified once it is kept, beside the goals. */
export function writeCluster(measured: ClusterMeasurement): string {
  const { node, up, deploy, pods, startMs, againMs, verify } = measured
  const rows = (command: string, phases: readonly Phase[]) =>
    phases.map(({ name, ms }, index) => [index === 0 ? command : '', name, seconds(ms), '', ''])
  const judged = (command: string, what: string, ms: number, limit: number) => [
    command,
    what,
    seconds(ms),
    `<= ${seconds(limit)}`,
    judge([ms], limit),
  ]
  return [
    `a cluster with its images present, on ${node}`,
    textTable([
      ['', 'phase', '', 'goal', ''],
      ...rows('up', up),
      ...rows('deploy', deploy),
      judged('both', 'to every pod ready and reached', startMs, goals.clusterStartMs),
      ['deploy', 'again, with nothing changed', seconds(againMs), '', ''],
      judged('verify', `on the kept cluster (${verify.verdict})`, verify.processMs, goals.clusterAgainMs),
    ]),
    writeBroken(verify),
    'each pod, from the start of `up` (the API tells whole seconds)',
    textTable([
      ['', 'made', 'ready', ''],
      ...pods.map(({ name, createdMs, readyMs }) => [name, seconds(createdMs), seconds(readyMs), '']),
    ]),
    '',
  ].join('\n')
}
