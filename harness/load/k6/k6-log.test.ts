import { expect, test } from 'vitest'
import { LogReader } from './k6-log.ts'

const read = (...lines: readonly unknown[]) => {
  const log = new LogReader()
  for (const line of lines) log.read(typeof line === 'string' ? line : JSON.stringify(line))
  return log.findings
}

test('counts the exceptions of iterations, and keeps the first with its place', () => {
  const exception = (msg: string) => ({ level: 'error', msg, source: 'stacktrace', scenario: 'load' })
  const stack = 'TypeError: x\n\tat go.k6.io/k6 (native)\n\tat file:///work/load/mine.ts:7:15(4)\n'
  expect(read(exception(stack), exception('Error: another'))).toEqual({
    exceptions: 2,
    firstException: 'TypeError: x at mine.ts:7',
    firstError: undefined,
  })
})

test('an error that is not of the script, a failed request and a line of something else are no exceptions', () => {
  const findings = read(
    { level: 'warning', msg: 'Request Failed', error: 'connection refused "level":"error"' },
    { level: 'error', msg: "thresholds on metrics 'x' have been crossed" },
    'panic: "level":"error"',
  )
  expect(findings).toEqual({
    exceptions: 0,
    firstException: undefined,
    firstError: "thresholds on metrics 'x' have been crossed",
  })
})
