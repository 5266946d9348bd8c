import { existsSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SignalproofError } from '../../core/signalproof-error.ts'
import { workloadNames } from '../load-figures.ts'

/** The workloads that come with signalproof, for a project that has none of its own under the same name. */
const ownFolder = fileURLToPath(new URL('../../../load', import.meta.url))

/**
 * The script of a workload: load/<name>.ts of the project, ours of that name, or the file that a path names.
 * @throws SignalproofError USAGE_UNKNOWN_NAME
 */
export function workloadScript(root: string, nameOrPath: string): string {
  const isPath = /\.[jt]s$/.test(nameOrPath)
  const candidates = isPath
    ? [isAbsolute(nameOrPath) ? nameOrPath : resolve(root, nameOrPath)]
    : [join(root, 'load', `${nameOrPath}.ts`), join(ownFolder, `${nameOrPath}.ts`)]
  const script = candidates.find((file) => existsSync(file))
  if (script !== undefined) return script
  throw new SignalproofError('USAGE_UNKNOWN_NAME', {
    expected: `a workload: ${workloadNames.join(', ')}, or the path of a k6 script`,
    seen: isPath ? `${nameOrPath}, which is not there` : nameOrPath,
    remedy: `write load/${isPath ? 'name' : nameOrPath}.ts, or take one of those names`,
    ...(isPath ? { where: candidates[0] as string } : {}),
  })
}
