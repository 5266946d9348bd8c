import { expect, test } from 'vitest'
import { podDouble } from './cluster-doubles.ts'
import { secondsByComponent } from './pod-cpu.ts'

const measured = (name: string, nanoSeconds?: number) => ({
  podRef: { name, namespace: 'apps' },
  cpu: nanoSeconds === undefined ? {} : { usageCoreNanoSeconds: nanoSeconds },
})

test('the pods of one component are taken together, and one that was not measured yet counts nothing', () => {
  const pods = ['a', 'b', 'c'].map((name) => podDouble('go', { metadata: { name } }))
  pods.push(podDouble('python', { metadata: { name: 'd' } }))
  expect(
    secondsByComponent(pods, [
      measured('a', 1.5e9),
      measured('b', 2e9),
      measured('c'),
      measured('d', 4e9),
      measured('gone', 9e9),
    ]),
  ).toEqual({ go: 3.5, python: 4 })
})
