import { expect, test } from 'vitest'
import { ContainerDouble } from './container-double.ts'
import { awaitReady, readyLine } from './node-ready.ts'

test('a node is ready with its line, wherever the pieces of its log are cut', async () => {
  const double = new ContainerDouble()
  const ready = awaitReady(double.container)
  double.log.write(`started\n${readyLine.slice(0, 9)}`)
  double.log.write(`${readyLine.slice(9)}\n`)
  await expect(ready).resolves.toBeUndefined()
})

test('a node that ends while it is waited for is named with its code and its last lines', async () => {
  const double = new ContainerDouble()
  double.last = 'etcd ended by itself\n'
  const ready = awaitReady(double.container)
  double.log.write('started\n')
  double.end(3)
  await expect(ready).rejects.toMatchObject({
    code: 'ENV_NODE_FAILED',
    message: expect.stringMatching(/its container ended with code 3\n +etcd ended by itself/),
  })
})

test('a node that ended before it was looked at is not waited for', async () => {
  const double = new ContainerDouble()
  double.end(1)
  await expect(awaitReady(double.container)).rejects.toThrow('its container ended with code 1')
})

test('the end of a log is no reason to wait on, though the container runs', async () => {
  const double = new ContainerDouble()
  const ready = awaitReady(double.container)
  double.log.end()
  await expect(ready).rejects.toThrow('its log ended')
})

test('a node that never says that it is ready is given up after a time', async () => {
  const double = new ContainerDouble()
  double.last = 'still importing\n'
  await expect(awaitReady(double.container, { withinMs: 20 })).rejects.toThrow(
    /it was not Ready within 20 ms\n +still importing/,
  )
})

test('whoever gives up is told the own reason', async () => {
  const given = new AbortController()
  const ready = awaitReady(new ContainerDouble().container, { signal: given.signal })
  given.abort(new Error('enough'))
  await expect(ready).rejects.toThrow('enough')
})
