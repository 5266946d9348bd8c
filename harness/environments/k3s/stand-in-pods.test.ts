import { expect, test } from 'vitest'
import { answerJson, kubeDouble } from '../../kube/kube-double.ts'
import { StandInPods } from './stand-in-pods.ts'

const running = {
  metadata: { name: 'stand-in', namespace: 'apps', uid: 'of-the-pod' },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
}

/** An API that has the pod once it is applied, and a node that notes what it is told. */
async function standInDouble(exitCode = 0) {
  let isThere = false
  const commands: (readonly string[])[] = []
  const server = await kubeDouble(({ method }, response) => {
    if (method === 'PATCH') isThere = true
    const was = isThere
    if (method === 'DELETE') isThere = false
    answerJson(response, was ? 200 : 404, was ? running : { kind: 'Status' })
  })
  const node = {
    exec: async (command: readonly string[]) => {
      commands.push(command)
      return { exitCode, output: 'no space left on device' }
    },
  }
  const pods = new StandInPods({ api: server.api, node, image: 'pause:3', namespace: 'apps' })
  return { server, commands, pods, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

test('one pod an app, which keeps restricted, however often its lines are written', async () => {
  await using double = await standInDouble()
  await Promise.all([double.pods.prepare('stand-in'), double.pods.write('stand-in', 'a\n')])
  await double.pods.write('stand-in', 'b\n')
  const applied = double.server.asked.filter(({ method }) => method === 'PATCH')
  expect(applied).toHaveLength(1)
  expect(JSON.parse(applied[0]?.body ?? '')).toMatchObject({
    metadata: { labels: { 'app.kubernetes.io/name': 'stand-in' } },
    spec: { securityContext: { runAsNonRoot: true }, containers: [{ name: 'stand-in', image: 'pause:3' }] },
  })
  await double.pods.removeAll()
  expect(double.server.asked.at(-1)?.method).toBe('DELETE')
})

test('lines reach the log of the pod whole, in words that the kernel takes, and at once', async () => {
  await using double = await standInDouble()
  const text = `${'x'.repeat(1_000_000)}\n`
  await double.pods.write('stand-in', text)
  const [last, ...parts] = double.commands.toReversed()
  expect(
    parts
      .toReversed()
      .flatMap((command) => command.slice(4))
      .join(''),
  ).toBe(text)
  expect(Math.max(...double.commands.flat().map(({ length }) => length))).toBeLessThan(128 * 1024)
  expect(last?.at(-1)).toBe('/var/log/pods/apps_stand-in_of-the-pod/stand-in/0.log')
})

test('a node that does not take them says why', async () => {
  await using double = await standInDouble(1)
  await expect(double.pods.write('stand-in', 'a\n')).rejects.toThrow('no space left on device')
})
