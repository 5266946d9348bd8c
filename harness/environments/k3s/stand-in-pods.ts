import { eventually, found, notYet } from '../../core/eventually.ts'
import type { KubeApi } from '../../kube/kube-api.ts'
import type { KubeObject } from '../../kube/kube-object.ts'
import { isReadyPod, type Pod } from '../../kube/workloads.ts'
import { fieldManager } from './apply-objects.ts'
import type { ClusterNode } from './cluster-node.ts'

/**
 * Apps that are only their lines: each is a pod that does nothing, so that the collector finds its labels, and its lines
 * are written into the file that the container runtime keeps for it.
 */
export class StandInPods {
  private readonly api: KubeApi
  private readonly node: Pick<ClusterNode, 'exec'>
  /** One that waits for ever and is in the node. */
  private readonly image: string
  private readonly namespace: string
  private readonly pods = new Map<string, Promise<Pod>>()

  constructor(parts: {
    api: KubeApi
    node: Pick<ClusterNode, 'exec'>
    image: string
    namespace: string
  }) {
    this.api = parts.api
    this.node = parts.node
    this.image = parts.image
    this.namespace = parts.namespace
  }

  /** Resolves when the pod runs. @throws SignalproofError KUBE_INVALID, KUBE_FORBIDDEN, WAIT_TIMEOUT */
  async prepare(app: string): Promise<void> {
    await this.pod(app)
  }

  /** Adds lines to its log, all at once. @throws when the node does not take them */
  async write(app: string, text: string): Promise<void> {
    const { metadata } = await this.pod(app)
    const file = `/var/log/pods/${metadata.namespace}_${metadata.name}_${metadata.uid}/${app}/0.log`
    const draft = `/tmp/stand-in-${metadata.uid}`
    for (const part of inParts(text, partLength * partsAtOnce))
      await this.run('for p do printf %s "$p"; done >>"$0"', draft, ...inParts(part, partLength))
    // In one write, so that the collector finds all of them or none.
    await this.run('cat "$0" >>"$1" && rm "$0"', draft, file)
  }

  /** Removes the pods. */
  async removeAll(): Promise<void> {
    await Promise.all(
      [...this.pods.keys()].map((app) =>
        this.api.remove(
          { apiVersion: 'v1', kind: 'Pod', name: app, namespace: this.namespace },
          { graceSeconds: 0 },
        ),
      ),
    )
  }

  private pod(app: string): Promise<Pod> {
    const known = this.pods.get(app)
    if (known !== undefined) return known
    const making = this.make(app)
    making.catch(() => this.pods.delete(app))
    this.pods.set(app, making)
    return making
  }

  private async make(app: string): Promise<Pod> {
    const object = standInPod(app, this.namespace, this.image)
    const ref = { apiVersion: 'v1', kind: 'Pod', name: app, namespace: this.namespace }
    // One that a run left would keep its log.
    await this.api.remove(ref, { graceSeconds: 0 })
    await eventually(
      `no pod ${app} of an earlier run`,
      async () => ((await this.api.find(ref)) === undefined ? found(undefined) : notYet('it is still there')),
      { withinMs: runsWithinMs, remedy: `\`kubectl -n ${this.namespace} delete pod ${app} --force\`` },
    )
    await this.api.apply(object, { fieldManager })
    const { value } = await eventually(
      `the pod ${app} to run`,
      async () => {
        const pod = await this.api.get<Pod>(ref)
        return isReadyPod(pod) ? found(pod) : notYet(pod.status?.phase ?? 'no phase')
      },
      { withinMs: runsWithinMs, everyMs: 50, remedy: `\`kubectl -n ${this.namespace} describe pod ${app}\`` },
    )
    return value
  }

  private async run(script: string, ...words: readonly string[]): Promise<void> {
    const { exitCode, output } = await this.node.exec(['sh', '-c', script, ...words])
    if (exitCode !== 0) throw new Error(`the node does not write lines: ${output.trim()}`)
  }
}

/** A pod that is scheduled starts in a second or two; this is for a machine with much other work. */
const runsWithinMs = 60_000

/** The kernel takes no word of a command that is longer than 128 KiB, and no command that is longer than 2 MiB. */
const partLength = 30_000
const partsAtOnce = 16

function inParts(text: string, length: number): string[] {
  return Array.from({ length: Math.ceil(text.length / length) }, (_, index) =>
    text.slice(index * length, (index + 1) * length),
  )
}

function standInPod(app: string, namespace: string, image: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: app,
      namespace,
      labels: { 'app.kubernetes.io/name': app, 'signalproof.dev/stand-in': 'true' },
    },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 0,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65532,
        runAsGroup: 65532,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: app,
          image,
          imagePullPolicy: 'IfNotPresent',
          resources: { requests: { cpu: '1m', memory: '4Mi' }, limits: { memory: '16Mi' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    },
  } as KubeObject
}
