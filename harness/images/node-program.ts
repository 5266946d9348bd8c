import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { containerPlatform } from './container-platform.ts'

/**
 * The program Node, on Linux: that of the npm package, so that everybody has the same version; else the one that runs
 * this.
 */
export async function findNodeProgram(root: string): Promise<string> {
  const platform = containerPlatform()
  for (let folder = root; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', `node-${platform}`, 'bin', 'node')
    if (existsSync(path)) return path
    if (folder === dirname(folder)) break
  }
  return await realpath(process.execPath)
}
