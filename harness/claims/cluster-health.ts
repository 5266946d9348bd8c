import { type ClusterNode, conditionOf, nameOf } from './cluster-objects.ts'

/** Whether the control plane and the nodes are well, by what they say of themselves. */

/** The checks of `/readyz?verbose` that are not ok; the answer has one line a check: `[+]ping ok`, `[-]etcd failed: …`. */
export function failedChecks(answer: string): string[] {
  const lines = answer.split('\n').filter((line) => /^\[[+-]\]/.test(line))
  if (lines.length === 0) return [`no check in the answer: ${answer.trim().slice(0, 120) || 'it is empty'}`]
  return lines.filter((line) => !/^\[\+\]\S+ ok$/.test(line.trim()))
}

/** What a node says of its disk, memory, processes and network when it is short of nothing. */
const wellConditions: Readonly<Record<string, string>> = {
  Ready: 'True',
  MemoryPressure: 'False',
  DiskPressure: 'False',
  PIDPressure: 'False',
}

/** What is wrong with the nodes, in words. */
export function unwellNodes(nodes: readonly ClusterNode[]): string[] {
  if (nodes.length === 0) return ['there is no node']
  return nodes.flatMap((node) => {
    const wrong = Object.entries(wellConditions).flatMap(([type, well]) => {
      const condition = conditionOf(node.status?.conditions, type)
      if (condition?.status === well) return []
      const why = [condition?.reason, condition?.message].filter(Boolean).join(': ')
      return [`${type} is ${condition?.status ?? 'not said'}${why === '' ? '' : ` (${why})`}`]
    })
    // A node whose network is missing says so here; most nodes leave it out.
    if (conditionOf(node.status?.conditions, 'NetworkUnavailable')?.status === 'True')
      wrong.push('its network is unavailable')
    if (node.spec?.unschedulable === true) wrong.push('it is cordoned')
    return wrong.map((words) => `${nameOf(node)}: ${words}`)
  })
}
