import { createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { claimPortBlock } from './port-block.ts'

// Far from the blocks that real environments use, which other tests claim at the same time.
const [first, second] = [19_000, 19_040] as const

const open = new Set<Server>()

afterEach(async () => {
  await Promise.all([...open].map((server) => new Promise((resolve) => server.close(resolve))))
  open.clear()
})

function server(): Server {
  const made = createServer()
  open.add(made)
  return made
}

function listenOn(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server().once('error', reject).listen({ port, host: '127.0.0.1' }, resolve)
  })
}

test('the first free block is claimed by listening on its anchor', async () => {
  const anchor = server()
  const block = await claimPortBlock(anchor, [first, second])
  expect(block).toEqual({ anchorPort: first, ports: Array.from({ length: 39 }, (_, n) => first + 1 + n) })
  expect(anchor.address()).toMatchObject({ address: '127.0.0.1', port: first })
})

test('of two claims at once each gets a block of its own', async () => {
  const blocks = await Promise.all([
    claimPortBlock(server(), [first, second]),
    claimPortBlock(server(), [first, second]),
  ])
  expect(blocks.map((block) => block?.anchorPort).sort()).toEqual([first, second])
})

test('a port of the block that somebody listens on is left out', async () => {
  await listenOn(first + 7)
  const block = await claimPortBlock(server(), [first])
  expect(block?.ports).toHaveLength(38)
  expect(block?.ports).not.toContain(first + 7)
})

test('a block in which too many ports are taken is passed over, and its anchor given back', async () => {
  for (let port = first + 1; port <= first + 8; port += 1) await listenOn(port)
  const block = await claimPortBlock(server(), [first, second])
  expect(block?.anchorPort).toBe(second)
  await expect(listenOn(first)).resolves.toBeUndefined()
})

test('without a free block there is none, and the anchor listens nowhere', async () => {
  await listenOn(first)
  const anchor = server()
  expect(await claimPortBlock(anchor, [first])).toBeUndefined()
  expect(anchor.listening).toBe(false)
})
