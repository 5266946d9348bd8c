import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'

/** The regular files in `folders` that git knows or would add, by their path from `root`. Throws when there is none. */
export async function gitFiles(root: string, folders: readonly string[]): Promise<string[]> {
  const list = [
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
    '--deduplicate',
    '--',
    ...folders,
  ]
  const { stdout } = await execa('git', list, { cwd: root })
  const isFile = (path: string) => lstatSync(join(root, path), { throwIfNoEntry: false })?.isFile() === true
  const files = stdout.split('\0').filter((path) => path !== '' && isFile(path))
  if (files.length === 0)
    throw new Error(`expected files in ${folders.join(', ')} below ${root}; git knows none`)
  return files
}
