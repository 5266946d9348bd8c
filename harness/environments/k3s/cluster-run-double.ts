import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { SetOption } from '../../config/set-option.ts'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import { answerJson, kubeconfigOf, kubeDouble } from '../../kube/kube-double.ts'
import type { KubeObject } from '../../kube/kube-object.ts'
import type { RunningEnvironment } from '../contract.ts'
import type { OpenRequest } from '../home.ts'
import { ClusterNodesDouble } from './cluster-nodes-double.ts'
import { ClusterPhases } from './cluster-phases.ts'
import type { ClusterRun } from './cluster-run.ts'
import { type KeptClusterState, writeKeptState } from './kept-cluster-state.ts'
import type { WantedCluster } from './prepared-cluster.ts'

/** What a run with these values renders: one namespace that carries them. */
export const renderedDouble = (set: readonly Pick<SetOption, 'text'>[]): WantedCluster => {
  const text = set.map((option) => option.text).join()
  const namespace: KubeObject = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'apps', annotations: { set: text } },
  }
  return {
    rendering: { cluster: [], stack: [namespace], apps: [], documents: {} as never },
    endpoints: [],
    digest: `digest-of-${text}`,
  }
}

export const keptDouble: KeptClusterState = {
  id: 'abcd',
  profile: 'fast',
  digest: renderedDouble([]).digest,
  faultToken: 'secret',
  startedAt: '2026-11-25T20:00:00Z',
  applied: [{ apiVersion: 'v1', kind: 'Namespace', name: 'apps' }],
  hasApps: true,
  set: [],
}

/** A run in a folder of its own, on nodes and an API server that are doubles; `applied` are the values that were applied. */
export async function clusterRunDouble(
  wanted: Partial<Pick<OpenRequest, 'set' | 'keep'>> = {},
  more: Partial<Pick<ClusterRun, 'serve'>> = {},
) {
  const root = temporaryFolder()
  const applied: unknown[] = []
  const server = await kubeDouble(({ method, body }, response) => {
    if (method !== 'PATCH') return answerJson(response, 200, { items: [] })
    const object = JSON.parse(body) as KubeObject
    applied.push(object.metadata.annotations?.set)
    answerJson(response, 200, object)
  })
  onTestFinished(async () => {
    await server[Symbol.asyncDispose]()
    root[Symbol.dispose]()
  })
  const nodes = new ClusterNodesDouble()
  nodes.kubeconfig = kubeconfigOf(server.url).replaceAll('"one"', '"signalproof"')
  const request = {
    project: { root: root.path, config: { apps: [] } },
    profile: 'fast',
    set: [],
    keep: false,
    startedAt: 0,
    folder: join(root.path, 'run'),
    ...wanted,
  } as unknown as OpenRequest
  const run: ClusterRun = {
    parts: { nodes, prepare: () => Promise.reject(new Error('it is prepared')) },
    wanted: request,
    prepared: { images: { components: [], apps: [] }, node: {} as never, kubectl: 'kubectl' },
    rendered: renderedDouble(request.set),
    render: (set) => renderedDouble(set),
    faultToken: 'secret',
    phases: new ClusterPhases('fast'),
    serve: async () => ({ environment: {} as RunningEnvironment, close: async () => {} }),
    ...more,
  }
  /** Has a kept cluster before the run. */
  const keep = (state: KeptClusterState) => {
    writeKeptState(root.path, state)
    return { state, node: nodes.add(state.id) }
  }
  return { run, nodes, applied, root: root.path, keep }
}
