import { parseMetric } from '../backends/metrics-page.ts'
import { pause } from '../core/eventually.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import type { AppAddress } from '../environments/contract.ts'
import type { KubeApi } from '../kube/kube-api.ts'
import { isReadyPod, type Pod } from '../kube/workloads.ts'
import { type CountKey, countKey } from '../traffic/request-ledger.ts'

/**
 * What an app counted, over all of its pods: a pod that has ended since it was read counts with its last word, and one
 * that was started again with what it had counted before, too.
 */

/** An app on Kubernetes, and how its pods are found and read. */
export type AppOnPods = Pick<AppAddress, 'name' | 'namespace'> & {
  readonly pods: NonNullable<AppAddress['pods']>
}

type Counts<Key> = Map<Key, number>

interface PodAccount<Key> {
  readonly app: string
  /** What it had counted before its container was started again. */
  ended: Counts<Key>
  last: Counts<Key>
}

export interface PodApi extends Pick<KubeApi, 'raw'> {
  list(query: Parameters<KubeApi['list']>[0]): Promise<Pod[]>
}

export class PodCounters<Key = CountKey> {
  private readonly api: PodApi
  private readonly countsOn: (page: string) => ReadonlyMap<Key, number>
  private readonly byUid = new Map<string, PodAccount<Key>>()

  /** @param countsOn what a pod says on its metrics page, by what is counted apart */
  constructor(api: PodApi, countsOn: (page: string) => ReadonlyMap<Key, number>) {
    this.api = api
    this.countsOn = countsOn
  }

  /** What it has counted by now. @throws SignalproofError BACKEND_UNREACHABLE where no pod, or not every ready pod, can be read */
  async counts(app: AppOnPods): Promise<Counts<Key>> {
    const pods = await this.podsOf(app)
    if (pods.length === 0)
      throw unreadable(app, `a pod of ${app.name} (${app.pods.labelSelector} in ${app.namespace})`, 'none')
    await Promise.all(pods.map((pod) => this.read(app, pod)))
    const sum: Counts<Key> = new Map()
    for (const account of this.byUid.values())
      if (account.app === app.name) for (const part of [account.ended, account.last]) addTo(sum, part)
    return sum
  }

  /**
   * Reads pods that are about to end until the signal is aborted: who has been told to end waits for as long as the
   * ingress takes to look elsewhere and longer (preStop), so its last word is read after its last request.
   */
  async followEnding(apps: readonly AppOnPods[], signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await Promise.allSettled(
        apps.map(async (app) => {
          const pods = await this.podsOf(app)
          await Promise.all(pods.filter(isTold).map((pod) => this.read(app, pod)))
        }),
      )
      await pause(followEveryMs, signal).catch(() => {})
    }
  }

  private podsOf({ namespace, pods: { labelSelector } }: AppOnPods): Promise<Pod[]> {
    return this.api.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector })
  }

  private async read(app: AppOnPods, pod: Pod): Promise<void> {
    const { name, uid = name } = pod.metadata
    const path = `/api/v1/namespaces/${app.namespace}/pods/${name}:${app.pods.port}/proxy/metrics`
    const { status, data } = await this.api.raw('GET', path, { headers: { accept: 'text/plain' } })
    if (status === 200 && typeof data === 'string')
      return this.remember(app.name, uid, new Map(this.countsOn(data)))
    if (isReadyPod(pod))
      throw unreadable(app, `the metrics page of the ready pod ${app.namespace}/${name}`, `${status}`)
  }

  private remember(app: string, uid: string, now: Counts<Key>): void {
    const account = this.byUid.get(uid) ?? { app, ended: new Map(), last: new Map() }
    const beganAnew = [...account.last].some(([key, value]) => (now.get(key) ?? 0) < value)
    if (beganAnew) addTo(account.ended, account.last)
    account.last = now
    this.byUid.set(uid, account)
  }
}

/** Often enough to come in between the last request of a pod and its end: a fourth of that time under the fast profile. */
const followEveryMs = 500

const isTold = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined

/**
 * The answers that a metrics page counts; those that never happened are left out.
 * @param metric the counter of answered requests, with the labels method, route and status
 */
export const answersOn = (page: string, metric: string): Counts<CountKey> =>
  new Map(
    parseMetric(page, metric).flatMap(({ labels: { method = '', route = '', status }, value }) =>
      value === 0 ? [] : [[countKey(method, route, Number(status)), value] as const],
    ),
  )

function addTo<Key>(sum: Counts<Key>, part: ReadonlyMap<Key, number>): void {
  for (const [key, value] of part) sum.set(key, (sum.get(key) ?? 0) + value)
}

const unreadable = ({ name }: AppOnPods, expected: string, seen: string): SignalproofError =>
  new SignalproofError('BACKEND_UNREACHABLE', {
    expected,
    seen,
    remedy: `kubectl describe the pods of ${name}, and look at their logs`,
  })
