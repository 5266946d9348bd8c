import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import { addHost, hasHost } from './hosts-file.ts'

test('adds the line once, on a line of its own', () => {
  using folder = temporaryFolder()
  const file = join(folder.path, 'hosts')
  writeFileSync(file, '127.0.0.1 localhost')
  expect(addHost('dev.local', file)).toBe(true)
  expect(addHost('dev.local', file)).toBe(false)
  expect(readFileSync(file, 'utf8')).toBe('127.0.0.1 localhost\n127.0.0.1 dev.local\n')
})

test.each([
  { line: '127.0.0.1 localhost dev.local # by hand', has: true },
  { line: '# 127.0.0.1 dev.local', has: false },
  { line: '127.0.0.1 localhost # dev.local', has: false },
  { line: '10.0.0.1 dev.local', has: false },
  { line: '127.0.0.1 www.dev.local', has: false },
])('"$line" names the host: $has', ({ line, has }) => {
  using folder = temporaryFolder()
  const file = join(folder.path, 'hosts')
  writeFileSync(file, `${line}\n`)
  expect(hasHost('dev.local', file)).toBe(has)
})

test('a file that cannot be written is named with the line to add by hand', () => {
  expect(() => addHost('no-such.host.test', '/proc/version')).toThrow(
    /ENV_HOSTS_FILE.*echo '127\.0\.0\.1 no-such\.host\.test' \| sudo tee/s,
  )
})
