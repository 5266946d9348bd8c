import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import type Docker from 'dockerode'
import { pack } from 'tar-stream'
import { parse, stringify } from 'yaml'
import { describeThrown, SignalproofError } from '../../../core/signalproof-error.ts'
import type { PreparedImage } from '../../../images/prepared-image.ts'
import { writeThinArchive } from '../../../images/thin-archive.ts'
import { type ClusterNode, kubeContext } from '../cluster-node.ts'
import { removeImageFolder } from './image-folder.ts'
import { apiPort } from './node-arguments.ts'
import { nodeFailed, removeContainer } from './node-ends.ts'
import { type Labels, nodeLabels } from './node-labels.ts'

const kubeconfigInNode = '/etc/rancher/k3s/k3s.yaml'
/** A folder of the node's own disk, where an archive lies while it is imported. */
const archivesInNode = '/var/lib/rancher/k3s'

/** A node that is up, in a container of the Docker daemon. */
export class DockerNode implements ClusterNode {
  readonly containerId: string
  readonly image: ClusterNode['image']
  readonly labels: Labels
  readonly #container: Docker.Container
  readonly #docker: Docker
  readonly #ports: Docker.ContainerInspectInfo['NetworkSettings']['Ports']

  private constructor(docker: Docker, inspected: Docker.ContainerInspectInfo) {
    this.#docker = docker
    this.containerId = inspected.Id
    this.labels = inspected.Config.Labels
    this.image = {
      reference: inspected.Config.Image,
      kind: this.labels[nodeLabels.nodeKind] === 'k3s' ? 'k3s' : 'kubernetes',
      provenance: this.labels[nodeLabels.nodeProvenance] === 'image' ? 'image' : 'built',
    }
    this.#container = docker.getContainer(inspected.Id)
    this.#ports = inspected.NetworkSettings.Ports
  }

  /** Reads its ports as they are mapped at this moment. */
  static async of(docker: Docker, containerId: string): Promise<DockerNode> {
    return new DockerNode(docker, await docker.getContainer(containerId).inspect())
  }

  mappedPort(port: number): number {
    const mapped = this.#ports[`${port}/tcp`]?.[0]?.HostPort
    if (mapped !== undefined) return Number(mapped)
    throw new SignalproofError('INTERNAL', {
      expected: `port ${port} of the node to be mapped to 127.0.0.1`,
      seen: `the ports ${Object.keys(this.#ports).join(', ')}`,
      remedy: 'ask for it when the node is started',
    })
  }

  async kubeconfig(): Promise<string> {
    const { exitCode, output } = await this.exec(['cat', kubeconfigInNode])
    if (exitCode !== 0) throw commandFailed(`cat ${kubeconfigInNode}`, output)
    return placeKubeconfig(output, this.mappedPort(apiPort))
  }

  /** @throws SignalproofError ENV_NODE_FAILED when it is not known how the command ended */
  async exec(command: readonly string[]): Promise<{ exitCode: number; output: string }> {
    const exec = await this.#container.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true })
    const stream = await exec.start({})
    const merged = new PassThrough()
    this.#docker.modem.demuxStream(stream, merged, merged)
    stream.on('end', () => merged.end()).on('error', (thrown) => merged.destroy(thrown))
    const output = await text(merged)
    const { ExitCode: exitCode } = await exec.inspect()
    if (exitCode === null)
      throw commandFailed(command.join(' '), `${output}\nit did not end: nobody knows its exit code`)
    return { exitCode, output }
  }

  /** @throws SignalproofError ENV_NODE_FAILED with the words of the node's containerd */
  async importImages(images: readonly PreparedImage[], signal?: AbortSignal): Promise<void> {
    const held = namedDigests(await this.#list(['images', 'list']))
    const missing = images.filter(({ digest }) => !held.has(digest))
    if (missing.length === 0) return
    const content = new Set(
      (await this.#list(['content', 'list', '--quiet'])).split('\n').map((line) => line.trim()),
    )
    for (const image of missing) {
      signal?.throwIfAborted()
      await this.#import(image, content, signal)
    }
  }

  async remove(): Promise<void> {
    await removeContainer(this.#container)
    await removeImageFolder(this.labels)
  }

  /** First without the layers that the node has; whole, where its containerd wants to see every layer. */
  async #import(
    { name, tar }: PreparedImage,
    content: ReadonlySet<string>,
    signal?: AbortSignal,
  ): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'signalproof-image-'))
    try {
      const thin = join(folder, `${name}.tar`)
      await writeThinArchive(tar, thin, content, signal)
      if ((await this.#importFile(thin, name)).exitCode === 0) return
      const { exitCode, output } = await this.#importFile(tar, name)
      if (exitCode !== 0) throw notImported(tar, output.trim().split('\n').slice(-5))
    } catch (thrown) {
      signal?.throwIfAborted()
      if (thrown instanceof SignalproofError) throw thrown
      throw notImported(tar, [describeThrown(thrown)], thrown)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  async #importFile(file: string, name: string): Promise<{ exitCode: number; output: string }> {
    const inNode = `${archivesInNode}/import-${name}.tar`
    const archive = pack()
    const { size } = await stat(file)
    const member = archive.entry({ name: `import-${name}.tar`, size })
    const writing = pipeline(createReadStream(file), member).then(() => archive.finalize())
    try {
      await Promise.all([
        writing,
        this.#container.putArchive(archive as unknown as NodeJS.ReadableStream, { path: archivesInNode }),
      ])
      return await this.exec(['ctr', '--namespace', 'k8s.io', 'images', 'import', inNode])
    } finally {
      // Of a disk that was full, what was written of it has to go as well.
      await this.exec(['rm', '-f', inNode])
    }
  }

  async #list(command: readonly string[]): Promise<string> {
    const { exitCode, output } = await this.exec(['ctr', '--namespace', 'k8s.io', ...command])
    if (exitCode !== 0) throw commandFailed(`ctr ${command.join(' ')}`, output)
    return output
  }
}

/** Without the names that are a digest themselves: containerd keeps such a one when the image's own name is gone. */
function namedDigests(list: string): Set<string> {
  const rows = list.split('\n').map((line) => line.split(/\s+/))
  return new Set(rows.flatMap(([name = '', , digest = '']) => (name.startsWith('sha256:') ? [] : [digest])))
}

/** In the words of a node that meets such an archive at its start. */
const notImported = (tar: string, lines: readonly string[], cause?: unknown): SignalproofError =>
  nodeFailed(`image tar ${tar} cannot be imported`, lines, cause)

function commandFailed(command: string, output: string): SignalproofError {
  return new SignalproofError('ENV_NODE_FAILED', {
    expected: `the node to answer ${command}`,
    seen: output.trim().split('\n').slice(-5).join('\n    '),
    remedy: 'look whether its container runs and its disk has room: `docker ps`, `docker system df`',
  })
}

/** The node's own kubeconfig with the address that it has on this machine, and with names of ours for its parts. */
function placeKubeconfig(source: string, port: number): string {
  const name = kubeContext
  const { clusters, users } = parse(source) as { clusters: [{ cluster: object }]; users: [{ user: object }] }
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { ...clusters[0].cluster, server: `https://127.0.0.1:${port}` } }],
    users: [{ name, user: users[0].user }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  })
}
