import type { ServerResponse } from 'node:http'
import { type AskedRequest, backendDouble } from '../core/backend-double.ts'
import { KubeApi } from './kube-api.ts'

/** The kinds that the double knows. */
const resources: Readonly<Record<string, readonly { name: string; kind: string; namespaced: boolean }[]>> = {
  '/api/v1': [
    { name: 'pods', kind: 'Pod', namespaced: true },
    { name: 'pods/log', kind: 'Pod', namespaced: true },
    { name: 'namespaces', kind: 'Namespace', namespaced: false },
  ],
  '/apis/apps/v1': [{ name: 'deployments', kind: 'Deployment', namespaced: true }],
}

/** An API server on 127.0.0.1 that knows some kinds; everything else `answer` says. */
export async function kubeDouble(
  answer: (request: AskedRequest, response: ServerResponse) => void | Promise<void>,
) {
  const server = await backendDouble((request, response) => {
    const known = resources[request.path]
    if (known === undefined) return answer(request, response)
    answerJson(response, 200, { kind: 'APIResourceList', resources: known })
  })
  return { ...server, api: KubeApi.fromKubeconfig(kubeconfigOf(server.url)) }
}

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

export const kubeconfigOf = (server: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'one', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'one', user: { token: 'of-this-user' } }],
    contexts: [{ name: 'one', context: { cluster: 'one', user: 'one' } }],
    'current-context': 'one',
  })
