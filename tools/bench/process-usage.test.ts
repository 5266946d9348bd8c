import { spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { othersRunning, parseProc, parsePs, usageOfGroup } from './process-usage.ts'

const smapsRollup = `55d0-7ffe ---p 00000000 00:00 0                          [rollup]
Rss:               11644 kB
Pss:                5330 kB
Pss_Dirty:          2760 kB
Pss_Anon:           1000 kB
`

describe('on Linux', () => {
  test('memory is the proportional share and time is user and system together', () => {
    const stat = '42 (a) b (c)) S 1 42 42 0 -1 4194560 900 0 0 0 150 25 7 7 20 0 8 0 5000 1 2'
    expect(parseProc(smapsRollup, stat)).toEqual({
      memoryBytes: 5330 * 1024,
      anonymousBytes: 1000 * 1024,
      cpuMs: 1750,
    })
  })

  test('a file of another shape is no process that uses nothing', () => {
    expect(() => parseProc('', '42 (a) S 1 42')).toThrow('seen: 42 (a) S 1 42')
  })
})

describe('elsewhere', () => {
  test.each([
    [' 2048   0:01.25', 1250],
    ['2048 12:34', 754_000],
    ['2048 01:00:01\n', 3_601_000],
    ['2048 2-01:00:00', 176_400_000],
  ])('ps says %j', (line, cpuMs) => {
    expect(parsePs(line)).toEqual({ memoryBytes: 2_097_152, anonymousBytes: null, cpuMs })
  })

  test('an empty line is no process that uses nothing', () => {
    expect(() => parsePs('')).toThrow('expected memory')
  })
})

test.runIf(process.platform === 'linux')(
  'others that run the same program are counted, the asked ones not',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'signalproof-process-usage-'))
    const program = join(folder, 'sleep')
    copyFileSync('/bin/sleep', program)
    const children = [spawn(program, ['60']), spawn(program, ['60'])]
    try {
      const pids = children.map(({ pid }) => pid ?? 0)
      expect(othersRunning(pids.slice(0, 1))).toBe(1)
      expect(othersRunning(pids)).toBe(0)
    } finally {
      for (const child of children) child.kill('SIGKILL')
      rmSync(folder, { recursive: true })
    }
  },
)

test('a group that is gone is refused', () => {
  expect(() => usageOfGroup(2 ** 30)).toThrow('seen none')
})
