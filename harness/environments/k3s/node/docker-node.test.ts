import { Readable } from 'node:stream'
import type Docker from 'dockerode'
import { expect, test } from 'vitest'
import { DockerNode } from './docker-node.ts'

/** A node in which every command prints `said` and ends with the code. */
async function nodeWhere(exitCode: number | null, said = 'said'): Promise<DockerNode> {
  const container = {
    inspect: async () => ({ Id: 'a', Config: { Image: 'i', Labels: {} }, NetworkSettings: { Ports: {} } }),
    exec: async () => ({
      start: async () => Readable.from([Buffer.from(said)]),
      inspect: async () => ({ ExitCode: exitCode }),
    }),
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

test('a command that fails is one with its code and what it printed', async () => {
  expect(await (await nodeWhere(7)).exec(['false'])).toEqual({ exitCode: 7, output: 'said' })
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
