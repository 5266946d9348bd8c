import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SignalproofError } from '../../../core/signalproof-error.ts'
import { temporaryFolder } from '../../../core/temporary-folder-double.ts'
import type { PreparedImage } from '../../../images/prepared-image.ts'
import { dockerNodes } from './docker-nodes.ts'
import { NodeContainer } from './node-container.ts'
import { containersOf, nodeRequest } from './node-request-double.ts'
import { startNode } from './start-node.ts'

/** Each is known the moment it exists: the limit of a test is below that of a node's start. */
async function failure(promise: Promise<unknown>): Promise<SignalproofError> {
  const thrown = await promise.then(
    () => expect.fail('it started'),
    (thrown: unknown) => thrown,
  )
  if (thrown instanceof SignalproofError) return thrown
  throw thrown
}

test('a port that is taken is named', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const request = await nodeRequest({ nodePorts: [30_080], hostPorts: new Map([[30_080, port]]) })

  const error = await failure(dockerNodes.start(request))
  server.close()

  expect(error.code).toBe('ENV_PORT_TAKEN')
  expect(error.message).toContain(`127.0.0.1:${port}`)
  expect(await containersOf(request.id)).toEqual([])
})

const brokenImage = (tar: string): PreparedImage => ({
  name: 'broken',
  reference: 'signalproof/broken:1',
  digest: `sha256:${'0'.repeat(64)}`,
  imageId: `sha256:${'0'.repeat(64)}`,
  tar,
  provenance: 'built',
  source: 'a test',
  sizeBytes: 9,
})

test('a broken archive of an image is named, with the words of what refused it', async () => {
  using folder = temporaryFolder({ 'broken.tar': 'no archive' })
  const { image, images, ...request } = await nodeRequest()
  const broken = brokenImage(join(folder.path, 'broken.tar'))
  const few = [...images.filter(({ name }) => name === 'pause'), broken]

  // As k3s it has no seed, so that the node itself meets the archive.
  const error = await failure(
    dockerNodes.start({ ...request, image: { ...image, kind: 'k3s' }, images: few }),
  )
  const early = await failure(dockerNodes.start({ ...request, image, images: few }))

  expect(error.message).toMatch(/failed: image tar \S+\/broken\.tar cannot be imported/)
  expect(error.message).toContain('| ctr: ')
  expect(early.message).toContain(`image tar ${broken.tar} cannot be imported`)
  for (const { code, account } of [error, early]) {
    expect(code).toBe('ENV_NODE_FAILED')
    expect(account.remedy).toContain('archive')
  }
  expect(await containersOf(request.id)).toEqual([])
})

/** The node's containerd gets a disk on which no image has room. */
class NodeOnSmallDisk extends NodeContainer {
  constructor(options: ConstructorParameters<typeof NodeContainer>[0]) {
    super({ ...options, seedVolume: undefined })
    this.withTmpFs({ '/var/lib/rancher/k3s/agent/containerd': 'size=4m' })
  }
}

test('a disk that is full is named while images are imported', async () => {
  const request = await nodeRequest()

  const error = await failure(startNode(request, NodeOnSmallDisk))

  expect(error.code).toBe('ENV_NODE_FAILED')
  expect(error.message).toMatch(
    /failed: image tar \S+ cannot be imported: \d+ MiB are free for \d+ MiB of tar/,
  )
  expect(error.message).toContain('no space left on device')
  expect(error.account.remedy).toContain('docker system df')
  expect(await containersOf(request.id)).toEqual([])
})

class NodeWithUnknownArgument extends NodeContainer {
  constructor(options: ConstructorParameters<typeof NodeContainer>[0]) {
    super({ ...options, command: [...options.command, '--flannel-backend=none'] })
  }
}

test('an argument that the node does not know is refused by its name', async () => {
  const error = await failure(startNode(await nodeRequest(), NodeWithUnknownArgument))
  expect(error.message).toMatch(
    /refused: expected a k3s argument that this node knows.*--flannel-backend=none/,
  )
})

class NodeWithoutPauseImage extends NodeContainer {
  constructor(options: ConstructorParameters<typeof NodeContainer>[0]) {
    super({ ...options, command: options.command.filter((word) => !word.startsWith('--pause-image=')) })
  }
}

test('a node has to be told which image holds the namespaces of a pod', async () => {
  const error = await failure(startNode(await nodeRequest(), NodeWithoutPauseImage))
  expect(error.message).toMatch(/refused: expected --pause-image=/)
})

class NodeWithBadFlag extends NodeContainer {
  constructor(options: ConstructorParameters<typeof NodeContainer>[0]) {
    super({ ...options, command: [...options.command, '--kube-apiserver-arg=nonsense=1'] })
  }
}

test('a part of the node that ends is named with its last lines', async () => {
  const error = await failure(startNode(await nodeRequest(), NodeWithBadFlag))
  expect(error.message).toMatch(/failed: kube-apiserver ended by itself with code 1/)
  expect(error.message).toContain('unknown flag: --nonsense')
})

test('a start that is given up leaves nothing', async () => {
  const given = new AbortController()
  const request = await nodeRequest({
    signal: given.signal,
    onActivity: (text) => {
      if (text === 'certificates ready') given.abort(new Error('enough'))
    },
  })
  await expect(dockerNodes.start(request)).rejects.toThrow('enough')
  expect(await containersOf(request.id)).toEqual([])
})
