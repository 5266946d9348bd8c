import { spawn } from 'node:child_process'
import { expect, onTestFinished, test } from 'vitest'
import { backendDouble } from '../core/backend-double.ts'
import { eventually, found, notYet } from '../core/eventually.ts'
import { processCpuSeconds, secondsOfGroup } from './system-cpu.ts'

const onLinux = test.runIf(process.platform === 'linux')

/** A program that leads a group and keeps a core busy by a child of its own. */
function busyGroup(): number {
  const program = spawn('/bin/sh', ['-c', '(while :; do :; done) & wait'], {
    detached: true,
    stdio: 'ignore',
  })
  const { pid } = program
  if (pid === undefined) return expect.fail('it did not start')
  onTestFinished(() => void process.kill(-pid, 'SIGKILL'))
  return pid
}

onLinux('counts what a component and its children used', async () => {
  const pid = busyGroup()
  const { value } = await eventually(
    'it used a tenth of a second',
    () => (secondsOfGroup(pid) >= 0.1 ? found(secondsOfGroup(pid)) : notYet(`${secondsOfGroup(pid)} s`)),
    { withinMs: 20_000, remedy: 'look at /proc/<pid>/stat' },
  )
  expect(value).toBeLessThan(20)
})

onLinux('asks the supervisor for the components, and leaves out those that are not started', async () => {
  const pid = busyGroup()
  await using supervisor = await backendDouble({
    components: [
      { name: 'loki', pid, state: 'ready' },
      { name: 'late', pid: null },
    ],
  })
  const used = await processCpuSeconds({
    kind: 'process',
    supervisor: { url: supervisor.url, token: 'secret' },
  })
  expect(Object.keys(used)).toEqual(['loki'])
  expect(used.loki).toBeGreaterThanOrEqual(0)
  expect(supervisor.asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer secret'])
})

test('says nothing of a cluster, whose pods are no processes of this machine', async () => {
  expect(
    await processCpuSeconds({ kind: 'k3s', supervisor: { url: 'http://127.0.0.1:1', token: '' } }),
  ).toEqual({})
})
