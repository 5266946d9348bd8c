import { expect, test } from 'vitest'
import { type Check, runChecks } from './run-checks.ts'

async function run(checks: readonly Check[]) {
  const lines: string[] = []
  const allPassed = await runChecks(checks, (line) => lines.push(line))
  return { allPassed, lines }
}

test('one line for each check, and no output of those that pass', async () => {
  const checks = ['types', 'import direction'].map((name) => ({ name, run: async () => '' }))
  const { allPassed, lines } = await run(checks)
  expect(allPassed).toBe(true)
  expect(lines.map((line) => line.replace(/\d+\.\d s/, 'N s'))).toEqual([
    'pass  types              N s',
    'pass  import direction   N s',
  ])
})

test('what a failed check said comes after all lines, and the answer is no', async () => {
  const { allPassed, lines } = await run([
    { name: 'lint', run: async () => 'a.ts:1 is wrong\n' },
    { name: 'broken', run: () => Promise.reject(new Error('no such program')) },
    { name: 'types', run: async () => '' },
  ])
  expect(allPassed).toBe(false)
  expect(lines.slice(0, 3).filter((line) => line.startsWith('FAIL'))).toHaveLength(2)
  expect(lines[3]).toBe('\n── lint ──\na.ts:1 is wrong')
  expect(lines[4]).toMatch(/^\n── broken ──\nError: no such program/)
})

test('checks run at the same time', async () => {
  const gate = Promise.withResolvers<string>()
  const { allPassed } = await run([
    { name: 'waits for the second', run: () => gate.promise },
    {
      name: 'second',
      run: async () => {
        gate.resolve('')
        return ''
      },
    },
  ])
  expect(allPassed).toBe(true)
})

test('no check at all is not a pass', async () => {
  await expect(run([])).rejects.toThrow('no check')
})
