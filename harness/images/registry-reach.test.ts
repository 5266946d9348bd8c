import { expect, test } from 'vitest'
import { deadAddress, publisher } from '../toolchain/toolchain-doubles.ts'
import { startRegistry } from './registry-double.ts'
import { askRegistry } from './registry-reach.ts'

test('a registry that answers as one is reached, with a path behind its host, too', async () => {
  await using registry = await startRegistry()
  expect(await askRegistry(registry.address)).toBe(true)
  expect(await askRegistry(`${registry.address}/mirror`)).toBe(true)
})

test.each([
  [401, true],
  [403, false],
  [503, false],
])('one that answers with %i is reached: %s', async (status, isReached) => {
  await using server = await publisher((_, response) => void response.writeHead(status).end())
  expect(await askRegistry(new URL(server.address).host)).toBe(isReached)
})

test('one where nobody listens is not', async () => {
  expect(await askRegistry(new URL(await deadAddress()).host)).toBe(false)
})

test('an interruption is none of its answers', async () => {
  await expect(askRegistry('127.0.0.1:9', AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop')
})
