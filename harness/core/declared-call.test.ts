import { expect, test } from 'vitest'
import { type DeclaredCall, isDeclared } from './declared-call.ts'

const calls: readonly DeclaredCall[] = [
  'GET /api/v1/query',
  'DELETE /faults/{id}',
  'GET /apis/apps/v1/namespaces/{namespace}/pods/{pod}',
]

test.each([
  ['GET', '/api/v1/query', true],
  ['DELETE', '/faults/0a-1', true],
  ['GET', '/apis/apps/v1/namespaces/apps/pods/frontend-1', true],
  // Another method, another path, or more of it is another call.
  ['POST', '/api/v1/query', false],
  ['GET', '/api/v1/query_range', false],
  ['GET', '/api/v1/query/', false],
  ['GET', '/api/v1', false],
  ['DELETE', '/faults/', false],
  ['DELETE', '/faults/1/2', false],
  // What would be another path once somebody has decoded it.
  ['DELETE', '/faults/..', false],
  ['DELETE', '/faults/%2e%2e', false],
  ['GET', '/apis/apps/v1/namespaces/apps/pods/a%2Fexec', false],
])('%s %s: %s', (method, path, declared) => {
  expect(isDeclared(calls, method, path)).toBe(declared)
})
