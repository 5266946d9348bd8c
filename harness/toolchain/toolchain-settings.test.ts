import { userInfo } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readToolchainSettings } from './toolchain-settings.ts'

test('the cache is where SIGNALPROOF_CACHE says, else below XDG_CACHE_HOME, else below the home folder', () => {
  const cache = (environment: NodeJS.ProcessEnv) => readToolchainSettings(environment).cacheRoot
  expect(cache({ SIGNALPROOF_CACHE: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a')
  expect(cache({ SIGNALPROOF_CACHE: '', XDG_CACHE_HOME: '/b' })).toBe('/b/signalproof')
  expect(cache({ HOME: '/home/me', XDG_CACHE_HOME: 'relative' })).toBe('/home/me/.cache/signalproof')
  const known = join(userInfo().homedir, '.cache', 'signalproof')
  for (const nobodys of [{}, { HOME: '' }, { HOME: 'relative' }]) expect(cache(nobodys)).toBe(known)
})

test.each([
  ['SIGNALPROOF_CACHE', 'cache', 'an absolute path'],
  ['SIGNALPROOF_RELEASE_MIRROR', 'mirror.example', 'an http or https address'],
  ['SIGNALPROOF_RELEASE_MIRROR', 'file:///x', 'an http or https address'],
  ['SIGNALPROOF_GO_CACHES', 'mine', 'one of own, keep, user'],
])('%s=%s is refused by its name', (name, value, expected) => {
  expect(() => readToolchainSettings({ [name]: value })).toThrow(
    `USAGE_BAD_VALUE: expected ${expected}\n  at:   environment variable ${name}\n  seen: ${value}\n`,
  )
})
