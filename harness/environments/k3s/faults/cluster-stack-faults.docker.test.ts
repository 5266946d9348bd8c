import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { loadConfig } from '../../../config/load-config.ts'
import { eventually, found, notYet } from '../../../core/eventually.ts'
import { temporaryFolder } from '../../../core/temporary-folder-double.ts'
import type { KubeObject } from '../../../kube/kube-object.ts'
import type { StackFault } from '../../process/supervisor-protocol.ts'
import { type ReachedCluster, reachCluster } from '../bring-cluster.ts'
import { dockerParts } from '../docker-parts.ts'
import { ClusterStackFaults } from './cluster-stack-faults.ts'
import { stackComponents } from './fault-plans.ts'
import { applyStandIns, podsNamed } from './stand-in-stack-double.ts'

// A node is started, and its images are made where they are not there yet.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 1_800_000 })

const folder = temporaryFolder()
const long = 600_000
let cluster: ReachedCluster
let faults: ClusterStackFaults

/** Pods of the stack's names that do nothing: faults are about pods, not about what runs in them. */
beforeAll(async () => {
  const root = fileURLToPath(new URL('../../../..', import.meta.url))
  const parts = await dockerParts()
  const { node, images } = await parts.prepare(await loadConfig(root), {})
  const pause = images.components.filter(({ name }) => name === 'pause')
  const id = randomBytes(4).toString('hex')
  const started = await parts.nodes.start({
    id,
    image: node,
    images: pause,
    nodePorts: [],
    hostPorts: new Map(),
    kept: false,
    root,
  })
  cluster = await reachCluster(started, folder.path)
  const workloads = { components: stackComponents, apps: [{ name: 'frontend', namespace: 'apps' }] }
  faults = new ClusterStackFaults(cluster.node, workloads)
  await applyStandIns(cluster.api, pause[0]?.reference ?? '')
})
afterAll(async () => {
  await cluster?.node.remove()
  folder[Symbol.dispose]()
})

test('a cut link is a rule in the network of the sender alone, and goes with the fault', async () => {
  const [ruler, prometheus] = ['ruler-to-alertmanager', 'prometheus-to-alertmanager'] as const
  const first = await begun({ kind: 'cut-link', link: ruler })
  expect(await rulesOf('observability', 'loki')).toEqual([
    `-A OUTPUT -d ${await addressOf('alertmanager')}/32 -p tcp -m tcp --dport 9093 -j REJECT --reject-with tcp-reset`,
  ])
  expect(await rulesOf('observability', 'prometheus')).toEqual([])
  const second = await begun({ kind: 'cut-link', link: prometheus })
  expect(await rulesOf('observability', 'prometheus')).toHaveLength(1)
  await faults.end(first)
  expect(await rulesOf('observability', 'loki')).toEqual([])
  expect(await rulesOf('observability', 'prometheus')).toHaveLength(1)
  await faults.end(second)
  expect(await rulesOf('observability', 'prometheus')).toEqual([])
  expect((await inNode('mount')).filter((line) => line.includes('/signalproof/faults/'))).toEqual([])
})

test('a paused component is frozen, and runs again by itself when nobody ends the fault', async () => {
  // Longer than this test takes to look at it.
  const lastsMs = 15_000
  await begun({ kind: 'pause-component', component: 'frontend' }, lastsMs)
  expect(await stateOf('apps', 'frontend')).toBe('PAUSED')
  await eventually(
    'the component to run again',
    async () => {
      const state = await stateOf('apps', 'frontend')
      return state === 'RUNNING' ? found(state) : notYet(state)
    },
    { withinMs: lastsMs + 20_000, everyMs: 200, remedy: 'look at the guard in the node' },
  )
})

test('held logs are seen by the collector as they were, by everybody else as they are', async () => {
  // The kubelet removes folders of pods that there are not.
  const [folder = ''] = await inNode('ls -d /var/log/pods/apps_frontend_*/main')
  const log = `${folder}/more.log`
  const inside = async () =>
    inNode(`cat /proc/${await processOf('observability-node', 'collector')}/root${log}`)
  await inNode(`printf 'one\\ntwo\\nhalf' >${log}`)
  const id = await begun({ kind: 'hold-logs' })
  await inNode(`printf ' and whole\\nfour\\n' >>${log}`)
  expect(await inside()).toEqual(['one', 'two'])
  expect(await inNode(`cat ${log}`)).toEqual(['one', 'two', 'half and whole', 'four'])
  expect(await stateOf('observability-node', 'collector')).toBe('RUNNING')
  await faults.end(id)
  expect(await inside()).toEqual(['one', 'two', 'half and whole', 'four'])
})

test('a stopped collector has no pod, and one again when the fault is over', async () => {
  const id = await begun({ kind: 'stop-component', component: 'collector' })
  expect(await podsOf('observability-node', 'collector')).toEqual([])
  await expect(faults.end(id)).resolves.toBe(true)
  expect(await podsOf('observability-node', 'collector')).toHaveLength(1)
  const collector = await cluster.api.get<KubeObject & { spec: { template: { spec: object } } }>({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    namespace: 'observability-node',
    name: 'collector',
  })
  expect(collector.spec.template.spec).not.toHaveProperty('nodeSelector')
})

test('a hidden target asks for nothing, and asks again for what it asked before', async () => {
  const asked = async () =>
    (await podsOf('apps', 'frontend')).map(({ metadata }) => metadata.annotations?.['prometheus.io/scrape'])
  const id = await begun({ kind: 'hide-target', app: 'frontend' })
  expect(await asked()).toEqual([undefined])
  // Another harness finds it broken, and ends it before it begins.
  await new ClusterStackFaults(cluster.node, { components: [], apps: [] }).heal()
  expect(await asked()).toEqual(['true'])
  await expect(faults.end(id)).resolves.toBe(false)
})

test('a killed container is started anew in the same pod', async () => {
  const before = await podsOf('apps', 'frontend')
  await faults.end(await begun({ kind: 'kill-container', app: 'frontend' }))
  await eventually(
    'the container to run again',
    async () => {
      const [pod] = await podsOf('apps', 'frontend')
      const { restartCount, ready } = pod?.status?.containerStatuses?.[0] ?? {}
      return restartCount === 1 && ready === true
        ? found(pod)
        : notYet(`${restartCount} restarts, ready ${ready}`)
    },
    { withinMs: 60_000, everyMs: 200, remedy: "look at the pod's events" },
  )
  expect((await podsOf('apps', 'frontend')).map(({ metadata }) => metadata.uid)).toEqual(
    before.map(({ metadata }) => metadata.uid),
  )
})

async function begun(fault: StackFault, expiresInMs = long): Promise<string> {
  const answer = await faults.begin(fault, expiresInMs)
  expect(answer).toEqual({ id: expect.any(String) })
  return (answer as { id: string }).id
}

async function inNode(command: string): Promise<string[]> {
  const { exitCode, output } = await cluster.node.exec(['sh', '-c', command])
  expect([exitCode, output]).toEqual([0, expect.any(String)])
  return output.split('\n').filter((line) => line !== '')
}

const podsOf = (namespace: string, name: string) => podsNamed(cluster.api, namespace, name)

async function taskOf(namespace: string, name: string): Promise<string[]> {
  const [pod] = await podsOf(namespace, name)
  const container = pod?.status?.containerStatuses?.[0]?.containerID?.replace('containerd://', '') ?? 'none'
  const [task = ''] = (await inNode('ctr -n k8s.io tasks ls')).filter((line) => line.startsWith(container))
  return task.split(/\s+/)
}
const processOf = async (namespace: string, name: string) => (await taskOf(namespace, name))[1] ?? 'none'
const stateOf = async (namespace: string, name: string) => (await taskOf(namespace, name))[2] ?? 'none'

async function rulesOf(namespace: string, name: string): Promise<string[]> {
  const rules = await inNode(`nsenter -t ${await processOf(namespace, name)} -n iptables -S OUTPUT`)
  return rules.filter((rule) => rule.startsWith('-A'))
}

async function addressOf(service: string): Promise<string> {
  const { spec } = await cluster.api.get<KubeObject & { spec: { clusterIP: string } }>({
    apiVersion: 'v1',
    kind: 'Service',
    namespace: 'observability',
    name: service,
  })
  return spec.clusterIP
}
