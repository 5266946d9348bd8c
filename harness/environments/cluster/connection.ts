import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import type { ClusterSection } from '../../config/cluster-section.ts'
import { SignalproofError } from '../../core/signalproof-error.ts'
import { KubeConnection } from '../../kube/kube-connection.ts'

/** The kubeconfig and the context that somebody means, each error with the place where they said it. */

export interface ClusterChoice {
  readonly section: Pick<ClusterSection, 'context' | 'kubeconfig'>
  /** The folder of signalproof.config.ts. */
  readonly root: string
  /** What `--context` says; it wins. */
  readonly context: string | undefined
  readonly variables?: NodeJS.ProcessEnv
}

/** @throws SignalproofError CONFIG_UNREADABLE without a kubeconfig, USAGE_UNKNOWN_NAME for a context that is not there */
export function connectTo({
  section,
  root,
  context,
  variables = process.env,
}: ClusterChoice): KubeConnection {
  const files = kubeconfigsOf(section.kubeconfig, root, variables)
  const wanted = context ?? section.context
  const failures: unknown[] = []
  for (const { file } of files.filter(({ file }) => existsSync(file))) {
    try {
      return new KubeConnection(readFileSync(file, 'utf8'), wanted, dirname(file))
    } catch (thrown) {
      failures.push(thrown)
    }
  }
  const [thrown] = failures
  if (thrown instanceof SignalproofError && thrown.code === 'USAGE_UNKNOWN_NAME') {
    throw new SignalproofError('USAGE_UNKNOWN_NAME', {
      ...thrown.account,
      seen: wanted,
      where: context === undefined ? 'signalproof.config.ts cluster.context' : `--context ${context}`,
      cause: thrown,
    })
  }
  if (thrown !== undefined) throw thrown
  const [first] = files
  throw new SignalproofError('CONFIG_UNREADABLE', {
    expected: 'a kubeconfig',
    seen: `no file ${files.map(({ file }) => file).join(', ')}`,
    where: first?.where ?? 'KUBECONFIG',
    remedy: 'name the file in `cluster.kubeconfig`, or set KUBECONFIG',
  })
}

interface NamedFile {
  readonly file: string
  /** Who named it. */
  readonly where: string
}

/** Where kubectl would look, unless the configuration names a file. */
function kubeconfigsOf(stated: string | undefined, root: string, variables: NodeJS.ProcessEnv): NamedFile[] {
  if (stated !== undefined)
    return [{ file: resolve(root, stated), where: 'signalproof.config.ts cluster.kubeconfig' }]
  const listed = (variables.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '')
  return listed.length > 0
    ? listed.map((file) => ({ file: resolve(file), where: 'KUBECONFIG' }))
    : [{ file: join(homedir(), '.kube', 'config'), where: 'signalproof.config.ts cluster.kubeconfig' }]
}
