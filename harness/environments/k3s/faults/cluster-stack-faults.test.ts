import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { eventually, found, notYet } from '../../../core/eventually.ts'
import type { StackFault } from '../../process/supervisor-protocol.ts'
import { ClusterStackFaults } from './cluster-stack-faults.ts'
import { faultNode } from './fault-node-double.ts'
import { stackComponents } from './fault-plans.ts'

const workloads = {
  components: stackComponents,
  apps: [{ name: 'frontend', namespace: 'apps' }],
}
const long = 60_000

async function nodeWithFaults() {
  const node = await faultNode()
  return { node, faults: new ClusterStackFaults(node, workloads, node.faults) }
}

async function begun(faults: ClusterStackFaults, fault: StackFault, expiresInMs = long): Promise<string> {
  const answer = await faults.begin(fault, expiresInMs)
  expect(answer).toEqual({ id: expect.any(String) })
  return (answer as { id: string }).id
}

const rule = (action: string, port = 9093) =>
  `iptables -w 5 -${action} OUTPUT -p tcp -d 10.43.7.7 --dport ${port} -j REJECT --reject-with tcp-reset`

const made: [StackFault, apply: RegExp[], undo: RegExp[]][] = [
  [
    { kind: 'cut-link', link: 'prometheus-to-alertmanager' },
    [
      /^mount --bind \/proc\/999999999\/ns\/net net\.c1$/,
      RegExp(`^nsenter --net=net.c1 ${rule('I')}$`),
      RegExp(rule('I')),
    ],
    [RegExp(`^nsenter --net=net.c1 ${rule('D')}$`), RegExp(rule('D')), /^umount net\.c1$/],
  ],
  [
    { kind: 'cut-link', link: 'collector-to-tempo' },
    [/^mount --bind /, /^nsenter --net=net\.c1 iptables/, RegExp(rule('I', 4318))],
    [/^nsenter --net=net\.c1 iptables/, RegExp(rule('D', 4318)), /^umount net\.c1$/],
  ],
  [
    { kind: 'pause-component', component: 'frontend' },
    [/^ctr -n k8s\.io tasks pause c1$/],
    [/^ctr -n k8s\.io tasks resume c1$/],
  ],
  [
    { kind: 'stop-component', component: 'collector' },
    [
      /-n observability-node patch daemonset collector --type=merge -p .*\{"signalproof.dev\/stopped":"true"\}/,
      /wait .*--for=delete .*pod\/pod-a$/,
    ],
    [
      /patch daemonset collector .*\{"signalproof.dev\/stopped":null\}/,
      /rollout status daemonset\/collector/,
    ],
  ],
  // Held logs are mounts in a container: they are tried on a node, in cluster-stack-faults.docker.test.ts.
  [{ kind: 'kill-container', app: 'frontend' }, [/^ctr -n k8s\.io tasks kill -s SIGKILL c1$/], []],
  [
    { kind: 'hide-target', app: 'frontend' },
    [/-n apps annotate pod pod-a prometheus\.io\/scrape-$/],
    [/-n apps annotate pod pod-a --overwrite prometheus\.io\/scrape=true$/],
  ],
]

describe.skipIf(process.platform !== 'linux')('in a shell of this machine', () => {
  test.each(made)('%j is made and taken back, exactly', async (fault, apply, undo) => {
    const { node, faults } = await nodeWithFaults()
    await using _ = node
    const id = await begun(faults, fault)
    expect(node.calls()).toEqual(apply.map((call) => expect.stringMatching(call)))
    await expect(faults.end(id)).resolves.toBe(true)
    expect(node.calls()).toEqual(undo.map((call) => expect.stringMatching(call)))
    // Once is enough, and nothing of it is left.
    await expect(faults.end(id)).resolves.toBe(false)
    expect(node.calls()).toEqual([])
    expect(readdirSync(node.faults)).toEqual(['lock'])
  })

  test('a fault that nobody ends, ends by itself in time', async () => {
    const { node, faults } = await nodeWithFaults()
    await using _ = node
    const id = await begun(faults, { kind: 'pause-component', component: 'loki' }, 300)
    await eventually(
      'the fault to end',
      () => (existsSync(join(node.faults, 'component.loki')) ? notYet('its folder is there') : found(true)),
      { withinMs: 10_000, remedy: 'look at the guard' },
    )
    expect(node.calls().at(-1)).toBe('ctr -n k8s.io tasks resume c1')
    await expect(faults.end(id)).resolves.toBe(false)
  })

  test('two faults live side by side; the same thing is not broken twice, not even by another harness', async () => {
    const { node, faults } = await nodeWithFaults()
    await using _ = node
    const other = new ClusterStackFaults(node, workloads, node.faults)
    const first = await begun(faults, { kind: 'cut-link', link: 'collector-to-loki' })
    await begun(faults, { kind: 'hide-target', app: 'frontend' })
    await expect(other.begin({ kind: 'cut-link', link: 'collector-to-loki' }, long)).resolves.toEqual({
      refused: 'link collector-to-loki: it is broken already: ending one fault would end the other',
    })
    await expect(faults.end(first)).resolves.toBe(true)
    expect(readdirSync(node.faults)).toEqual(['lock', 'target.frontend'])
    await faults.endAll()
    expect(readdirSync(node.faults)).toEqual(['lock'])
  })

  test('what a harness that is gone has left is healed', async () => {
    const { node, faults } = await nodeWithFaults()
    await using _ = node
    await faults.heal()
    const id = await begun(faults, { kind: 'pause-component', component: 'loki' })
    await begun(faults, { kind: 'hide-target', app: 'frontend' })
    const next = new ClusterStackFaults(node, workloads, node.faults)
    await next.heal()
    expect(readdirSync(node.faults)).toEqual(['lock'])
    await expect(faults.end(id)).resolves.toBe(false)
  })

  test('what cannot be made is refused with what was seen, and what was done of it is taken back', async () => {
    const { node, faults } = await nodeWithFaults()
    await using _ = node
    await expect(faults.begin({ kind: 'hold-logs' }, long)).resolves.toEqual({
      refused: expect.stringMatching(
        /^log files: .*nothing can be mounted in the mount namespace of collector$/,
      ),
    })
    expect(node.calls().at(-1)).toBe('ctr -n k8s.io tasks resume c1')
    await node.replace('kubectl', 'exit 0')
    await expect(faults.begin({ kind: 'pause-component', component: 'frontend' }, long)).resolves.toEqual({
      refused: 'component frontend: there is no running container of frontend in namespace apps',
    })
    expect(readdirSync(node.faults)).toEqual(['lock'])
  })

  test('an API that does not take the end at first is asked again', async () => {
    const { node, faults } = await nodeWithFaults()
    await using _ = node
    const id = await begun(faults, { kind: 'stop-component', component: 'collector' })
    await node.replace('kubectl', '[ -e "$HOME/asked" ] || { : >"$HOME/asked"; exit 1; }')
    await expect(faults.end(id)).resolves.toBe(true)
    expect(node.calls().filter((call) => call.includes('"signalproof.dev/stopped":null'))).toHaveLength(2)
  })

  test('a guard that was killed leaves nothing: its fault can be ended, and the next one ends it', async () => {
    const { node, faults } = await nodeWithFaults()
    await using _ = node
    const fault = { kind: 'pause-component', component: 'frontend' } as const
    const guardPid = () => Number(readFileSync(join(node.faults, 'component.frontend', 'pid'), 'utf8'))
    const first = await begun(faults, fault)
    process.kill(guardPid(), 'SIGKILL')
    await expect(faults.end(first)).resolves.toBe(true)
    expect(node.calls().at(-1)).toBe('ctr -n k8s.io tasks resume c1')

    const second = await begun(faults, fault)
    process.kill(guardPid(), 'SIGKILL')
    const third = await begun(faults, fault)
    expect(node.calls()).toEqual(['pause', 'resume', 'pause'].map((what) => `ctr -n k8s.io tasks ${what} c1`))
    await expect(faults.end(second)).resolves.toBe(false)
    await expect(faults.end(third)).resolves.toBe(true)
  })
})

test.each([
  [{ kind: 'kill-container', app: 'loki' }, 'there is no app loki'],
  [{ kind: 'cut-link', link: 'loki-to-tempo' }, 'there is no link loki-to-tempo'],
  [{ kind: 'cut-link', link: 'constructor' }, 'there is no link constructor'],
  [{ kind: 'pause-component', component: 'x; reboot' }, 'there is no component x; reboot'],
  [{ kind: 'stop-component', component: 'loki' }, expect.stringContaining('no way to stop loki in order')],
  [{ kind: 'hide-target', app: 'loki' }, 'there is no target loki'],
] as [StackFault, string][])(
  '%j names nothing that is there: the node is not asked',
  async (fault, refused) => {
    const exec = () => Promise.reject(new Error('the node was asked'))
    await expect(new ClusterStackFaults({ exec }, workloads).begin(fault, long)).resolves.toEqual({ refused })
  },
)
