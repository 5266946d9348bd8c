import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { SignalproofError } from '../../core/signalproof-error.ts'

/** A file of a workload as a ConfigMap holds it: a key has no slash, the path below the mount may. */
export interface WorkloadFile {
  readonly key: string
  readonly path: string
  readonly text: string
}

/** What a ConfigMap may hold (Kubernetes, ConfigMap: "may not exceed 1 MiB"). */
const mostBytes = 1_048_576

/**
 * The script with what it may import: the .ts files beside it and in lib/.
 * @throws SignalproofError CONFIG_INVALID where they are more than a ConfigMap holds
 */
export function workloadFiles(script: string): WorkloadFile[] {
  const folder = dirname(script)
  const paths = [...sourcesIn(folder), ...sourcesIn(join(folder, 'lib')).map((name) => `lib/${name}`)]
  const files = paths.map((path) => ({
    key: path.replaceAll('/', '.'),
    path,
    text: readFileSync(join(folder, path), 'utf8'),
  }))
  const bytes = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
  if (bytes <= mostBytes) return files
  throw new SignalproofError('CONFIG_INVALID', {
    expected: `at most ${mostBytes} bytes of .ts files beside ${basename(script)}: that is what a ConfigMap holds`,
    seen: `${bytes} bytes in ${files.length} files`,
    where: folder,
    remedy: 'put the workload into a folder of its own',
  })
}

const sourcesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts') && !name.endsWith('.test.ts'))
        .sort()
    : []
