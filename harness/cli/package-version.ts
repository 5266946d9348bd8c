import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of this package: the repository, or node_modules/signalproof. */
function packageRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
  }
}

interface PackageFile {
  readonly version: string
  readonly engines: { readonly node: string }
}

const packageFile = (): PackageFile => JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'))

export const packageVersion = (): string => packageFile().version

/** The oldest major version of Node that runs signalproof: its `engines` say `>=24`. */
export const neededNode = (): number => Number.parseInt(packageFile().engines.node.replace(/^\D+/, ''), 10)
