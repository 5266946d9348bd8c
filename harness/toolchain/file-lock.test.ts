import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { acquireLock, type LockHolder, withLock } from './file-lock.ts'
import { startNode, temporaryFolder } from './toolchain-doubles.ts'

// Processes are started and ended here; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 30_000 })

/** Another process that takes the lock, says so, and keeps it until it is killed. */
async function otherHolder(path: string) {
  const module = join(import.meta.dirname, 'file-lock.ts')
  const code = `import { acquireLock } from ${JSON.stringify(module)}
    await acquireLock(${JSON.stringify(path)}, { purpose: 'holding on' })
    console.log('held')
    setInterval(() => {}, 1000)`
  const child = startNode(code)
  await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()))
  return child
}

test('one holds it at a time, within a process too; the next gets it when it is released', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'sub', 'lock')
  const first = await acquireLock(path, { purpose: 'first' })
  const order: string[] = []
  const heard = Promise.withResolvers<string | undefined>()
  const second = withLock(
    path,
    { purpose: 'second', onWait: (holder) => heard.resolve(holder?.purpose) },
    async () => {
      order.push('second has it')
    },
  )
  expect(await heard.promise).toBe('first')
  order.push('first lets go')
  first.release()
  first.release()
  await second
  expect(order).toEqual(['first lets go', 'second has it'])
})

test('a holder that is killed frees it: the waiting one takes over', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'lock')
  const other = await otherHolder(path)
  const holders: (LockHolder | undefined)[] = []
  const taken = acquireLock(path, {
    purpose: 'taking over',
    onWait: (holder) => {
      holders.push(holder)
      other.kill('SIGKILL')
    },
  })
  const lock = await taken
  expect(holders).toEqual([
    { pid: other.pid, purpose: 'holding on', since: expect.stringMatching(/^\d{4}-/) },
  ])
  lock.release()
})

test('waiting for it can be given up', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'lock')
  const lock = await acquireLock(path, { purpose: 'holding on' })
  const controller = new AbortController()
  const waiting = acquireLock(path, {
    purpose: 'waiting',
    signal: controller.signal,
    onWait: () => controller.abort(new Error('given up')),
  })
  await expect(waiting).rejects.toThrow('given up')
  lock.release()
})

test('work that fails frees it', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'lock')
  await expect(withLock(path, { purpose: 'failing' }, () => Promise.reject(new Error('no')))).rejects.toThrow(
    'no',
  )
  expect(await withLock(path, { purpose: 'next' }, async () => 'had it')).toBe('had it')
})

test('where it cannot be written, the error names the place and what to set', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'file')
  await writeFile(file, '')
  await expect(acquireLock(join(file, 'lock'), { purpose: 'x' })).rejects.toThrow(
    /^TOOL_CACHE: .*\/file\n.*\n.*SIGNALPROOF_CACHE=/,
  )
})
