import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { dockerDaemon } from '../../../images/docker-images.ts'
import { KubeApi } from '../../../kube/kube-api.ts'
import { kubeContext } from '../cluster-node.ts'
import { dockerNodes } from './docker-nodes.ts'
import { nodeLabels } from './node-labels.ts'
import { startLimitMs } from './node-ready.ts'
import { containersOf, kubectl, nodeRequest } from './node-request-double.ts'

// A test starts a node twice at most, and a start ends by itself.
vi.setConfig({ testTimeout: 2 * startLimitMs })

const systemUid = ['get', 'namespace', 'kube-system', '--output', 'jsonpath={.metadata.uid}'] as const

test('a node starts with every image in it, reached on 127.0.0.1 only, and leaves nothing behind', async () => {
  const activity: string[] = []
  const request = await nodeRequest({ nodePorts: [30_080], onActivity: (text) => activity.push(text) })
  const docker = await dockerDaemon()

  const node = await dockerNodes.start(request)

  const api = KubeApi.fromKubeconfig(await node.kubeconfig(), kubeContext)
  expect(await kubectl(node, ...systemUid)).toBe(await api.clusterUid())
  const { HostConfig, NetworkSettings, Mounts } = await docker.getContainer(node.containerId).inspect()
  const bound = Object.entries(NetworkSettings.Ports)
  expect(bound.map(([port]) => port).sort()).toEqual(['30080/tcp', '6443/tcp'])
  expect(bound.flatMap(([, bindings]) => bindings.map(({ HostIp }) => HostIp))).toEqual([
    '127.0.0.1',
    '127.0.0.1',
  ])
  expect(HostConfig).toMatchObject({ CgroupnsMode: 'private' })
  expect(Mounts.map(({ Destination }) => Destination)).not.toContain('/sys/fs/cgroup')
  const { output } = await node.exec(['ctr', '--namespace', 'k8s.io', 'images', 'list'])
  for (const { digest } of request.images) expect(output).toContain(digest)
  expect(activity).toContain('node Ready')
  // An app may have changed since the seed was made: of it a layer is imported.
  const imported = activity.filter((text) => text.startsWith('imported'))
  const appTars = request.images.filter(({ reference }) => reference.startsWith('signalproof/'))
  expect(imported.filter((text) => !appTars.some(({ name }) => text.includes(name)))).toEqual([])

  // An address that no Service has must not leave the node for whatever answers there: the connection would be kept.
  const unknown = await node.exec(['timeout', '5', 'bash', '-c', 'exec 3<>/dev/tcp/10.43.255.1/3100'])
  expect(unknown.output).toMatch(/Connection refused/)

  const volumes = Mounts.flatMap((mount) => ('Name' in mount ? [mount.Name as string] : []))
  await node.remove()
  expect(await containersOf(request.id)).toEqual([])
  expect(existsSync(node.labels[nodeLabels.imageFolder] ?? '')).toBe(false)
  const left = (await docker.listVolumes()).Volumes.map(({ Name }) => Name)
  expect(left.filter((name) => volumes.includes(name) && !name.startsWith('signalproof-seed-'))).toEqual([])
})

test('a kept node that was stopped is found again as the same cluster, with its ports of now', async () => {
  const request = await nodeRequest({ kept: true })
  const started = await dockerNodes.start(request)
  const uid = await kubectl(started, ...systemUid)
  await (await dockerDaemon()).getContainer(started.containerId).stop()

  const found = await dockerNodes.find(request.id)
  expect(found).toMatchObject({ containerId: started.containerId, isRunning: false })
  const node = await dockerNodes.reopen(found ?? expect.fail('not found'), {})

  const api = KubeApi.fromKubeconfig(await node.kubeconfig(), kubeContext)
  expect(await api.clusterUid()).toBe(uid)
  // One that runs is reopened at once.
  const again = await dockerNodes.reopen({ ...found, isRunning: true } as NonNullable<typeof found>, {})
  expect(again.mappedPort(6443)).toBe(node.mappedPort(6443))
  expect(() => again.mappedPort(1)).toThrow(/port 1 of the node/)
})

test('a kept node that cannot be started again is told with its lines, and stays for whoever looks', async () => {
  const request = await nodeRequest({ kept: true })
  const started = await dockerNodes.start(request)
  const container = (await dockerDaemon()).getContainer(started.containerId)
  await container.stop()
  writeFileSync(join(started.labels[nodeLabels.imageFolder] ?? '', 'broken.tar'), 'no archive')

  const found = (await dockerNodes.find(request.id)) ?? expect.fail('not found')
  const reopened = dockerNodes.reopen(found, {})

  await expect(reopened).rejects.toMatchObject({
    code: 'ENV_NODE_FAILED',
    message: expect.stringMatching(/container ended with code 1\n(?:.*\n)*.*broken\.tar cannot be imported/),
  })
  // Of one that ended between being found and being reached.
  await expect(dockerNodes.reopen({ ...found, isRunning: true }, {})).rejects.toThrow('container ended')
  expect(await containersOf(request.id)).toHaveLength(1)
})

test('an image that a running node lacks is imported, one that it has costs nothing', async () => {
  const request = await nodeRequest()
  const missing = request.images.find(({ name }) => name === 'alertmanager') ?? expect.fail('no such image')
  const node = await dockerNodes.start(request)
  const remove = [
    'ctr',
    '--namespace',
    'k8s.io',
    'images',
    'remove',
    '--sync',
    `docker.io/${missing.reference}`,
  ]
  expect((await node.exec(remove)).exitCode).toBe(0)

  await node.importImages(request.images)

  const { output } = await node.exec(['ctr', '--namespace', 'k8s.io', 'images', 'check'])
  const row = output.split('\n').find((line) => line.includes(missing.reference))
  expect(row).toMatch(/complete \(2\/2\).*true/)
})
