import { z } from 'zod'
import { eventually, found, notYet } from '../core/eventually.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { isReadyPod } from '../kube/workloads.ts'
import type { Cluster } from './cluster.ts'
import { containerStatusesOf, type Pod } from './cluster-objects.ts'

/**
 * A pod of ours inside the cluster, to look from where the stack's own pods look. It runs a few lines of JavaScript in an
 * image that the node has, keeps `restricted`, and is asked through the API server, so nothing of it is published.
 */

export interface ProbeOptions {
  /** One with `node` on its PATH. */
  readonly image: string
  /** How many pods: a connection between two of them passes every network policy. */
  readonly pods: readonly string[]
  readonly readyWithinMs: number
  readonly signal: AbortSignal
}

const port = 8080

/** Answers `/resolve?name=` as the apps resolve names, and `/connect?to=host:port` by a new connection. */
const program = `
const http = require('node:http'), net = require('node:net'), dns = require('node:dns').promises
const resolve = async (name) => (await dns.lookup(name, { all: true, family: 4 })).map(({ address }) => address)
const connect = (to, ms) => new Promise((done) => {
  const [host, port] = to.split(':')
  const socket = net.connect({ host, port: Number(port) })
  const end = (why) => { socket.destroy(); done(why) }
  socket.setTimeout(ms, () => end('no answer in ' + ms + ' ms'))
  socket.once('connect', () => end(null)).once('error', ({ code }) => end(code))
})
http.createServer(async ({ url }, response) => {
  const { pathname, searchParams } = new URL(url, 'http://probe')
  const answer = async () => {
    if (pathname === '/resolve') return { addresses: await resolve(searchParams.get('name')) }
    if (pathname === '/connect') return { failed: await connect(searchParams.get('to'), Number(searchParams.get('ms'))) }
    return { ready: true }
  }
  const body = await answer().catch(({ code, message }) => ({ error: code ?? message }))
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}).listen(${port})
process.on('SIGTERM', () => process.exit(0))
`

const resolved = z.union([z.object({ addresses: z.array(z.string()) }), z.object({ error: z.string() })])
const connected = z.object({ failed: z.string().nullable() })

export class ClusterProbe {
  readonly namespace: string
  private readonly cluster: Cluster
  private readonly addresses: ReadonlyMap<string, string>
  private readonly signal: AbortSignal

  constructor(
    cluster: Cluster,
    namespace: string,
    addresses: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ) {
    this.cluster = cluster
    this.namespace = namespace
    this.addresses = addresses
    this.signal = signal
  }

  /** What a name stands for inside the cluster: addresses, or the resolver's error code. */
  async resolve(pod: string, name: string): Promise<string[] | string> {
    const answer = resolved.parse(await this.ask(pod, `/resolve?name=${encodeURIComponent(name)}`))
    return 'addresses' in answer ? answer.addresses : answer.error
  }

  /** Why a new connection failed; null where it was made. `to` is `host:port`. */
  async connect(pod: string, to: string, withinMs: number): Promise<string | null> {
    return connected.parse(await this.ask(pod, `/connect?to=${encodeURIComponent(to)}&ms=${withinMs}`)).failed
  }

  /** `address:port` at which a probe pod listens. */
  addressOf(pod: string): string {
    return `${this.addresses.get(pod)}:${port}`
  }

  private async ask(pod: string, path: string): Promise<unknown> {
    const { status, data } = await this.cluster.api.raw(
      'GET',
      `/api/v1/namespaces/${this.namespace}/pods/${pod}:${port}/proxy${path}`,
      { signal: this.signal },
    )
    if (status === 200) return data
    throw new SignalproofError('BACKEND_UNREACHABLE', {
      expected: `an answer of the probe pod ${this.namespace}/${pod} through the API server`,
      seen: `${status} ${JSON.stringify(data)}`,
      remedy: 'does the API server reach pods? `kubectl logs` and `kubectl exec` need the same',
    })
  }
}

/** Starts the pods in a namespace of their own, hands them to `look`, and removes the namespace whatever happens. */
export async function withProbe<T>(
  cluster: Cluster,
  id: string,
  options: ProbeOptions,
  look: (probe: ClusterProbe) => Promise<T>,
): Promise<T> {
  const namespace = `signalproof-probe-${id}`
  const { api } = cluster
  const fieldManager = 'signalproof-claims'
  try {
    await api.apply(namespaceObject(namespace), { fieldManager })
    // Its controller makes it a moment later, and without it no pod is let in.
    await api.apply(accountObject(namespace), { fieldManager })
    const pods = await Promise.all(
      options.pods.map(async (name) => {
        await api.apply(podObject(namespace, name, options.image), { fieldManager })
        return [name, await addressWhenReady(cluster, namespace, name, options)] as const
      }),
    )
    return await look(new ClusterProbe(cluster, namespace, new Map(pods), options.signal))
  } finally {
    await api.remove({ apiVersion: 'v1', kind: 'Namespace', name: namespace })
  }
}

async function addressWhenReady(
  { api }: Cluster,
  namespace: string,
  name: string,
  { readyWithinMs, signal }: ProbeOptions,
): Promise<string> {
  const { value } = await eventually(
    `the probe pod ${namespace}/${name} to be ready`,
    async () => {
      const pod = await api.get<Pod>({ apiVersion: 'v1', kind: 'Pod', namespace, name })
      const address = pod.status?.podIP
      if (isReadyPod(pod) && address !== undefined) return found(address)
      const waits = containerStatusesOf(pod).flatMap(({ state }) => state?.waiting?.reason ?? [])
      return notYet(`${pod.status?.phase ?? 'nothing is known of it'} ${waits.join(', ')}`)
    },
    {
      withinMs: readyWithinMs,
      remedy: `kubectl -n ${namespace} describe pod ${name}`,
      signal,
      everyMs: 100,
    },
  )
  return value
}

const namespaceObject = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name,
    labels: {
      'app.kubernetes.io/part-of': 'signalproof-probe',
      'pod-security.kubernetes.io/enforce': 'restricted',
    },
  },
})

const accountObject = (namespace: string) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'default', namespace },
})

/** A probe that nobody removes, since the harness was killed, ends by itself. */
const longestLifeSeconds = 600

const podObject = (namespace: string, name: string, image: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { 'app.kubernetes.io/name': name } },
  spec: {
    activeDeadlineSeconds: longestLifeSeconds,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 1,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'probe',
        image,
        imagePullPolicy: 'IfNotPresent',
        command: ['node', '-e', program],
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        resources: { requests: { cpu: '10m', memory: '48Mi' }, limits: { memory: '128Mi' } },
        readinessProbe: { httpGet: { path: '/', port }, periodSeconds: 1 },
      },
    ],
  },
})
