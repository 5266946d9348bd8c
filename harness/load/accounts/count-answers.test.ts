import { expect, test } from 'vitest'
import { countKey } from '../../traffic/request-ledger.ts'
import { countedMore } from './count-answers.ts'

test('an app’s own count keeps routes whole, and leaves out what did not grow', () => {
  const before = new Map([
    [countKey('GET', '/a b', 200), 3],
    [countKey('GET', '/c', 200), 3],
  ])
  const now = new Map([...before, [countKey('GET', '/a b', 200), 5] as const])
  expect(countedMore('api', before, now)).toEqual([
    { app: 'api', method: 'GET', route: '/a b', status: 200, count: 2 },
  ])
})
