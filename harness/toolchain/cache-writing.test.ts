import { expect, test } from 'vitest'
import { saysDiskFull } from './cache-writing.ts'

test.each([
  'go: writing stat cache: mkdir /x: no space left on device',
  'tar: alertmanager: Wrote only 2048 of 10240 bytes',
  'loki:  write error (disk full?).  Continue? (y/n/^C)',
  'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device',
  'write error: Disk quota exceeded',
])('%j says that the disk is full', (line) => {
  expect(saysDiskFull(['before', line, 'tar: Exiting with failure status due to previous errors'])).toBe(line)
})

test('other last words do not', () => {
  expect(saysDiskFull(['x.go:1: undefined: y', 'gzip: stdin: unexpected end of file'])).toBeUndefined()
})
