import { expect, test } from 'vitest'
import { readImageSettings, readNodeMode } from './image-settings.ts'

test('nothing said is auto, without a mirror', () => {
  expect(readImageSettings({ SIGNALPROOF_IMAGES: '' })).toEqual({ mode: 'auto', mirror: undefined })
  expect(readNodeMode({})).toBe('auto')
})

test('what is said is taken', () => {
  const environment = { SIGNALPROOF_IMAGES: 'pull', SIGNALPROOF_IMAGE_REGISTRY: '127.0.0.1:5000/mirror/' }
  expect(readImageSettings(environment)).toEqual({ mode: 'pull', mirror: '127.0.0.1:5000/mirror' })
  expect(readNodeMode({ SIGNALPROOF_NODE: 'k3s' })).toBe('k3s')
})

test.each([
  [{ SIGNALPROOF_IMAGES: 'pulled' }, 'one of auto, pull, built'],
  [{ SIGNALPROOF_IMAGE_REGISTRY: 'https://registry.example.org' }, 'without a scheme'],
  [{ SIGNALPROOF_IMAGE_REGISTRY: 'mirror' }, 'without a scheme'],
])('%o is refused', (environment, words) => {
  expect(() => readImageSettings(environment)).toThrow(words)
})

test('an unknown kind of node is refused', () => {
  expect(() => readNodeMode({ SIGNALPROOF_NODE: 'kind' })).toThrow('one of auto, k3s, built')
})
