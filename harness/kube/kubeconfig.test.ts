import type { RequestOptions } from 'node:https'
import { KubeConfig } from '@kubernetes/client-node'
import { expect, test } from 'vitest'
import { readKubeContext } from './kubeconfig.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')

interface Parts {
  readonly cluster?: Record<string, unknown>
  readonly user?: Record<string, unknown>
}

const kubeconfig = ({ cluster = {}, user = {} }: Parts = {}): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'one', cluster: { server: 'https://127.0.0.1:6443/', ...cluster } },
      { name: 'two', cluster: { server: 'https://10.0.0.2' } },
    ],
    users: [{ name: 'admin', user }],
    contexts: [
      { name: 'first', context: { cluster: 'one', user: 'admin', namespace: 'apps' } },
      { name: 'second', context: { cluster: 'two', user: 'admin' } },
      { name: 'nobody', context: { cluster: 'two' } },
    ],
    'current-context': 'first',
  })

const plain: readonly Parts[] = [
  {
    cluster: { 'certificate-authority-data': base64('the CA') },
    user: { 'client-certificate-data': base64('who'), 'client-key-data': base64('its key') },
  },
  { cluster: { 'certificate-authority-data': base64('the CA') }, user: { token: 'of-this-user' } },
  { cluster: { 'insecure-skip-tls-verify': true }, user: { token: 'of-this-user' } },
]

test.each(plain)('what the file holds is what the client library makes of it: %j', async (parts) => {
  const text = kubeconfig(parts)
  const library = new KubeConfig()
  library.loadFromString(text)
  const options: RequestOptions = {}
  await library.applyToHTTPSOptions(options)
  const { ca, cert, key, rejectUnauthorized, headers = {} } = options
  const { token, ...certificates } = readKubeContext(text).credentials ?? {}
  expect(certificates).toEqual(
    Object.fromEntries(
      Object.entries({ ca, cert, key, rejectUnauthorized }).filter(
        ([name, value]) => value !== undefined && !(name === 'rejectUnauthorized' && value === true),
      ),
    ),
  )
  const { Authorization } = headers as Record<string, string>
  expect(token === undefined ? undefined : `Bearer ${token}`).toBe(Authorization)
})

test.each<Parts>([
  { cluster: { 'certificate-authority': 'ca.crt' } },
  { cluster: { 'proxy-url': 'socks5://127.0.0.1:1080' } },
  { cluster: { 'tls-server-name': 'kubernetes' } },
  { user: { 'client-certificate': 'client.crt', 'client-key': 'client.key' } },
  { user: { tokenFile: '/var/run/token' } },
  { user: { exec: { command: 'aws' } } },
  { user: { 'auth-provider': { name: 'oidc' } } },
  { user: { username: 'admin', password: 'of-this-user' } },
  { user: { token: 'of-this-user', as: 'somebody else' } },
])('whatever is named outside of the file, or means more, is left to the client library: %j', (parts) => {
  expect(readKubeContext(kubeconfig(parts)).credentials).toBeUndefined()
})

test('the current context is read where none is named, and its address has no slash at the end', () => {
  expect(readKubeContext(kubeconfig()).server).toBe('https://127.0.0.1:6443')
  expect(readKubeContext(kubeconfig(), 'second').server).toBe('https://10.0.0.2')
  expect(readKubeContext(kubeconfig(), 'nobody').credentials).toEqual({})
})

test('a context that is not there is refused with those that are', () => {
  expect(() => readKubeContext(kubeconfig(), 'third')).toThrow(
    expect.objectContaining({
      code: 'USAGE_UNKNOWN_NAME',
      account: {
        expected: 'a context of the kubeconfig: first, second, nobody',
        seen: 'third',
        remedy: expect.stringContaining('--context'),
      },
    }),
  )
})

test('a file without a context says so', () => {
  expect(() => readKubeContext('{}')).toThrow(/a context of the kubeconfig: it has none/)
})

test.each([
  ['clusters: [', /./],
  ['a text', /expected object/],
  ['clusters: [{ name: one, cluster: {} }]', /expected string.* at clusters\.0\.cluster\.server/],
])('%j is refused as no kubeconfig', (text, seen) => {
  expect(() => readKubeContext(text)).toThrow(
    expect.objectContaining({
      code: 'CONFIG_UNREADABLE',
      account: expect.objectContaining({ seen: expect.stringMatching(seen) }),
    }),
  )
})
