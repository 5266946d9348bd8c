import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { programOnPath } from './program-on-path.ts'
import { temporaryFolder } from './temporary-folder-double.ts'

test('the first program on PATH is found, and neither a text nor a folder is one', () => {
  using first = temporaryFolder({ text: '' })
  using second = temporaryFolder({ a: '', b: '' })
  mkdirSync(join(first.path, 'a'))
  for (const name of ['a', 'b']) chmodSync(join(second.path, name), 0o755)
  const env = { PATH: `:${first.path}:/nowhere:${second.path}` }
  expect(programOnPath(['a'], env)).toBe(join(second.path, 'a'))
  expect(programOnPath(['none', 'b'], env)).toBe(join(second.path, 'b'))
  expect(programOnPath(['text', 'none'], env)).toBeUndefined()
  expect(programOnPath(['a'], {})).toBeUndefined()
})
