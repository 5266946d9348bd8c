import { expect, test } from 'vitest'
import { wasClusterKept } from './kept-before.ts'

const answer = (kind: unknown) => ({ exitCode: 0, stdout: JSON.stringify({ kind }), stderr: '' })

test.each(['running', 'stopped', 'unreachable'])("a cluster that is %s is somebody's", (kind) => {
  expect(wasClusterKept(answer(kind))).toBe(true)
})

test.each(['none', 'gone'])('where it is %s, what the drill starts is its own', (kind) => {
  expect(wasClusterKept(answer(kind))).toBe(false)
})

test.each([
  [
    'a status that failed',
    { exitCode: 3, stdout: '', stderr: 'ENV_DOCKER_UNREACHABLE' },
    /status 3, ENV_DOCKER/,
  ],
  ['one that was ended', { stdout: '{"kind":"none"}', stderr: '' }, /exit status undefined/],
  ['one that says nothing', answer(undefined), /exit status 0, \{\}/],
])('%s is no answer', (_, seen, says) => {
  expect(() => wasClusterKept(seen)).toThrow(says)
})
