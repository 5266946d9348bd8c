import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { stringify } from 'yaml'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import { connectTo } from './connection.ts'

const kubeconfig = (...contexts: readonly string[]) =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: contexts.map((name) => ({ name, cluster: { server: `https://${name}.example/` } })),
    users: [{ name: 'me', user: { token: 't' } }],
    contexts: contexts.map((name) => ({ name, context: { cluster: name, user: 'me' } })),
    'current-context': contexts[0],
  })

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder(files)
  onTestFinished(() => folder[Symbol.dispose]())
  return folder.path
}

const section = { context: 'staging', kubeconfig: 'kube/config' }
const choice = { section, context: undefined, variables: {} }

test('the context that the configuration names is taken, not the current one', () => {
  const root = folderWith({ 'kube/config': kubeconfig('production', 'staging') })
  expect(connectTo({ ...choice, root }).server).toBe('https://staging.example')
})

test('--context wins', () => {
  const root = folderWith({ 'kube/config': kubeconfig('production', 'staging') })
  expect(connectTo({ ...choice, root, context: 'production' }).server).toBe('https://production.example')
})

test('without a file of its own, those of KUBECONFIG are looked through for the context', () => {
  const root = folderWith({ a: kubeconfig('production'), b: kubeconfig('staging') })
  const variables = { KUBECONFIG: `${join(root, 'missing')}:${join(root, 'a')}:${join(root, 'b')}` }
  const unnamed = { context: 'staging' }
  expect(connectTo({ section: unnamed, context: undefined, variables, root }).server).toBe(
    'https://staging.example',
  )
})

test.each([
  ['signalproof.config.ts cluster.context', undefined],
  ['--context elsewhere', 'elsewhere'],
])('a context that is not there is told at %s, with those that are', (where, context) => {
  const root = folderWith({ 'kube/config': kubeconfig('production') })
  expect(() => connectTo({ ...choice, root, context })).toThrow(
    expect.objectContaining({
      code: 'USAGE_UNKNOWN_NAME',
      account: expect.objectContaining({
        where,
        seen: context ?? 'staging',
        expected: expect.stringContaining('production'),
      }),
    }),
  )
})

test('a kubeconfig that is not there is told with who named it', () => {
  const root = folderWith({})
  expect(() => connectTo({ ...choice, root })).toThrow(
    expect.objectContaining({
      code: 'CONFIG_UNREADABLE',
      account: expect.objectContaining({ where: 'signalproof.config.ts cluster.kubeconfig' }),
    }),
  )
  const variables = { KUBECONFIG: join(root, 'missing') }
  expect(() => connectTo({ section: { context: 'staging' }, context: undefined, variables, root })).toThrow(
    expect.objectContaining({ account: expect.objectContaining({ where: 'KUBECONFIG' }) }),
  )
})
