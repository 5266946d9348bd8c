import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { KubeApi } from '../kube/kube-api.ts'
import { wasClusterKept } from './kept-before.ts'

/** The kept cluster of this checkout with its apps, for tests that change it: the one that is there, or one started for them. */

export const root = join(import.meta.dirname, '..', '..')

export interface DrilledCluster {
  readonly api: KubeApi
  /** Ends it where it was started for this drill. */
  readonly end: () => Promise<void>
}

/** The command line of this checkout. How it ends is the caller's to judge. */
export const signalproof = (...args: readonly string[]) =>
  execa(process.execPath, ['harness/cli/main.ts', ...args], {
    cwd: root,
    reject: false,
    env: { NO_COLOR: '1' },
  })

/** @throws Error with what `up` or `deploy` said */
export async function drilledCluster(): Promise<DrilledCluster> {
  const wasKept = wasClusterKept(await signalproof('status', '--env', 'k3s', '--json'))
  const end = async () => {
    if (!wasKept) await signalproof('down', '--env', 'k3s')
  }
  // With the apps: a run would bring them, on a cluster that a change has broken for them.
  for (const command of [['up', '--env', 'k3s'], ['deploy']]) {
    const { exitCode, stderr } = await signalproof(...command)
    if (exitCode === 0) continue
    await end()
    throw new Error(`signalproof ${command.join(' ')} ended with ${exitCode}: ${stderr}`)
  }
  return {
    api: KubeApi.fromKubeconfig(readFileSync(join(root, '.signalproof', 'kubeconfig'), 'utf8')),
    end,
  }
}
