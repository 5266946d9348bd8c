import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type Docker from 'dockerode'
import { pack } from 'tar-stream'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../core/temporary-folder-double.ts'
import type { PreparedImage } from '../../../images/prepared-image.ts'
import { DockerNode } from './docker-node.ts'

/** A node in which every command prints `said` and ends with the code. */
async function nodeWhere(
  exitCode: number | null,
  said = 'said',
  { said: commands, putArchive }: { said: string[]; putArchive?: string } = { said: [] },
): Promise<DockerNode> {
  const container = {
    inspect: async () => ({ Id: 'a', Config: { Image: 'i', Labels: {} }, NetworkSettings: { Ports: {} } }),
    exec: async ({ Cmd }: { Cmd: string[] }) => {
      commands.push(Cmd.join(' '))
      return {
        start: async () => Readable.from([Buffer.from(said)]),
        inspect: async () => ({ ExitCode: exitCode }),
      }
    },
    putArchive: async (archive: Readable) => {
      archive.resume()
      if (putArchive !== undefined) throw new Error(putArchive)
    },
  }
  const docker = {
    getContainer: () => container,
    modem: {
      demuxStream: (stream: Readable, out: NodeJS.WritableStream) =>
        stream.on('data', (piece) => out.write(piece)),
    },
  }
  return await DockerNode.of(docker as unknown as Docker, 'a')
}

/** An archive of an image without layers. */
async function savedImage(folder: string): Promise<string> {
  const file = join(folder, 'whole.tar')
  const archive = pack()
  archive.entry({ name: 'manifest.json' }, JSON.stringify([{ Layers: [] }]))
  archive.finalize()
  await pipeline(archive, createWriteStream(file))
  return file
}

test('a command that fails is one with its code and what it printed', async () => {
  expect(await (await nodeWhere(7)).exec(['false'])).toEqual({ exitCode: 7, output: 'said' })
})

test('an archive that cannot be read is named, and so is a disk that has no room for it', async () => {
  using folder = temporaryFolder({ 'broken.tar': 'no archive' })
  const image = { name: 'loki', digest: 'sha256:1', tar: join(folder.path, 'broken.tar') } as PreparedImage
  await expect((await nodeWhere(0, '')).importImages([image])).rejects.toMatchObject({
    code: 'ENV_NODE_FAILED',
    account: {
      seen: expect.stringContaining(`image tar ${image.tar} cannot be imported`),
      remedy: expect.stringContaining('archive'),
    },
  })
  const said: string[] = []
  const full = await nodeWhere(0, '', { said, putArchive: 'no space left on device' })
  const whole = { ...image, tar: await savedImage(folder.path) }
  await expect(full.importImages([whole])).rejects.toMatchObject({
    code: 'ENV_NODE_FAILED',
    account: {
      seen: expect.stringMatching(/cannot be imported\n.*no space left on device/),
      remedy: expect.stringContaining('docker system df'),
    },
  })
  expect(said.at(-1), 'nothing half written stays').toMatch(/^rm -f .*import-loki\.tar$/)
})

test('a command of which nobody knows how it ended did not succeed', async () => {
  await expect((await nodeWhere(null, 'half')).exec(['ctr', 'images', 'import'])).rejects.toMatchObject({
    code: 'ENV_NODE_FAILED',
    account: {
      expected: 'the node to answer ctr images import',
      seen: expect.stringMatching(/^half\n +it did not end/),
    },
  })
})
