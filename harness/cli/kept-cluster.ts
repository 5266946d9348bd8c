import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import type { RunOptions } from '../claims/run-options.ts'
import { findProjectRoot, loadConfig } from '../config/load-config.ts'
import { formatMs } from '../core/eventually.ts'
import type { ClusterNodes } from '../environments/k3s/cluster-nodes.ts'
import {
  type ClusterStatus,
  describeCluster,
  type RunningClusterStatus,
  readClusterStatus,
} from '../environments/k3s/cluster-status.ts'
import { findDaemon, isDaemon } from '../environments/k3s/docker-daemon.ts'
import { dockerParts } from '../environments/k3s/docker-parts.ts'
import { addHost, hasHost, hostsFile, hostsLine } from '../environments/k3s/hosts-file.ts'
import { usualPort } from '../environments/k3s/ingress-port.ts'
import { removeKeptCluster } from '../environments/k3s/kept-cluster.ts'
import { keptStateFile } from '../environments/k3s/kept-cluster-state.ts'
import { deployApps, type UpCluster, upCluster as up } from '../environments/k3s/up-cluster.ts'
import { showProgress } from '../report/progress.ts'
import { abortOnSignals } from './interruption.ts'

/** The commands of a cluster that is kept between runs. */

export async function upCluster({
  addHosts,
  ...options
}: Pick<RunOptions, 'profile' | 'set'> & { port?: number; addHosts: boolean }): Promise<void> {
  const project = await loadConfig()
  const { host } = project.config.ingress
  if (addHosts && addHost(host)) process.stdout.write(`added to ${hostsFile}: ${hostsLine(host)}\n`)
  const running = await shown(async (shared) => up(await dockerParts(), { project, ...options, ...shared }))
  const status = await describeCluster(running.cluster, running.state, project.config)
  process.stdout.write(`${writeStatus(status)}\n${writeNext(running, status)}\n`)
}

export async function deployToCluster(): Promise<void> {
  const project = await loadConfig()
  const running = await shown(async (shared) => deployApps(await dockerParts(), { project, ...shared }))
  const status = await describeCluster(running.cluster, running.state, project.config)
  process.stdout.write(`the apps serve: ${howToReach(status)}\n${running.phases.describe()}\n`)
}

export async function statusOfCluster(asJson: boolean): Promise<void> {
  const nodes = await nodesOf(findProjectRoot(process.cwd()))
  const status = nodes === undefined ? noCluster : await askCluster(nodes)
  process.stdout.write(asJson ? `${JSON.stringify(status, null, 2)}\n` : `${writeStatus(status)}\n`)
}

/** @param all the prepared volumes, too */
export async function downCluster(all: boolean): Promise<void> {
  const root = findProjectRoot(process.cwd())
  const nodes = await nodesOf(root)
  if (nodes === undefined) {
    process.stdout.write('nothing to end: no cluster is kept (Docker does not answer)\n')
    return
  }
  const ended = await removeKeptCluster(root, nodes)
  const swept = await nodes.sweep({ all })
  const lines = [...(ended ? ['the kept cluster ended'] : []), ...swept.map((what) => `removed: ${what}`)]
  process.stdout.write(`${lines.length === 0 ? 'nothing to end: no cluster is kept' : lines.join('\n')}\n`)
}

async function askCluster(nodes: ClusterNodes): Promise<ClusterStatus> {
  const { root, config } = await loadConfig()
  return await readClusterStatus(root, nodes, config)
}

const noCluster: ClusterStatus = { kind: 'none' }

/** Undefined where no cluster is kept and no daemon answers: then Docker is not needed to say that there is none. */
async function nodesOf(root: string): Promise<ClusterNodes | undefined> {
  if (!existsSync(keptStateFile(root)) && !isDaemon(await findDaemon(process.env))) return undefined
  return (await dockerParts()).nodes
}

/** Work with its progress on standard error, ended in order by Ctrl-C. */
async function shown(
  work: (shared: Pick<Parameters<typeof up>[1], 'signal' | 'progress'>) => Promise<UpCluster>,
): Promise<UpCluster> {
  const { signal } = abortOnSignals()
  const progress = showProgress(process.stderr)
  try {
    return await work({ signal, progress: progress.onInstall })
  } catch (thrown) {
    signal.throwIfAborted()
    throw thrown
  } finally {
    progress.end('')
  }
}

function writeStatus(status: ClusterStatus): string {
  switch (status.kind) {
    case 'none':
      return 'no cluster is kept; `signalproof up --env k3s` starts one'
    case 'gone':
      return `the cluster of ${status.startedAt} was kept, and its container was removed; \`signalproof down --env k3s\` forgets it`
    case 'stopped':
      return `a cluster is kept, its container ${status.container.slice(0, 12)} is stopped; \`signalproof up --env k3s\` starts it again`
    case 'unreachable':
      return `a cluster is kept, its container ${status.container.slice(0, 12)} runs, and its API does not answer: ${status.why}`
    case 'running':
      return writeRunning(status)
  }
}

function writeRunning(status: RunningClusterStatus): string {
  const rows = (entries: readonly (readonly [string, string])[]) =>
    entries.map(([name, value]) => `  ${name.padEnd(34)} ${value}`)
  const set = status.set.length === 0 ? '' : ` with --set ${status.set.join(' --set ')}`
  return [
    `k3s environment, profile ${status.profile}, configuration ${status.digest}${set}`,
    `up for ${formatMs(Date.now() - Date.parse(status.startedAt))}, cluster ${status.uid}`,
    ...rows(Object.entries(status.addresses)),
    ...rows(
      status.workloads.map(({ name, state, why }) => [name, why === undefined ? state : `${state}: ${why}`]),
    ),
    ...rows([['node', `${status.node.image}, container ${status.node.container.slice(0, 12)}`]]),
    `kubectl --kubeconfig ${relative(process.cwd(), status.kubeconfig)} --context ${status.context} get pods -A`,
  ].join('\n')
}

function writeNext({ state, phases }: UpCluster, status: RunningClusterStatus): string {
  return [
    phases.describe(),
    state.hasApps ? howToReach(status) : '`signalproof deploy` (or `make deploy`) puts the apps on it',
    ...(hasHost(status.host)
      ? []
      : [`for a browser, add to ${hostsFile} (or run up --hosts): ${hostsLine(status.host)}`]),
  ].join('\n')
}

/** The address for a browser, and one that needs no line in the hosts file. */
function howToReach({ addresses, host }: RunningClusterStatus): string {
  const { port } = new URL(addresses.ingress ?? 'http://127.0.0.1')
  const suffix = port === '' || Number(port) === usualPort ? '' : `:${port}`
  return `http://${host}${suffix}/  (curl -H 'Host: ${host}' http://127.0.0.1${suffix}/)`
}
