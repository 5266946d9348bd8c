import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { epochMs } from '../../core/clock.ts'
import { eventually, found, type Look, notYet } from '../../core/eventually.ts'
import { SignalproofError } from '../../core/signalproof-error.ts'
import type { KubeApi } from '../../kube/kube-api.ts'
import type { KubeObject } from '../../kube/kube-object.ts'
import type { Pod } from '../../kube/workloads.ts'
import { generatorFigures } from '../k6/generator-figures.ts'
import { thresholdsBroken } from '../k6/k6-exit.ts'
import type { GeneratorFigures } from '../load-figures.ts'
import {
  filesObject,
  jobObject,
  type LoadOnKubernetes,
  loadNamespace,
  nameOf,
  namespaceObject,
  testRunObject,
} from './load-objects.ts'
import { readRunnerLogs } from './runner-logs.ts'

/** A load made by pods of the cluster: a Job, or the runners of k6-operator. */
export interface InClusterRequest {
  readonly api: Pick<KubeApi, 'apply' | 'find' | 'list' | 'readLog' | 'remove'>
  readonly load: LoadOnKubernetes
  readonly as: 'job' | 'testrun'
  readonly runners: number
  /** Takes k6.log. */
  readonly folder: string
  readonly signal?: AbortSignal | undefined
  /** Seconds of CPU that each part of the system has used since its begin. */
  readonly systemCpuSeconds?: (() => Promise<Readonly<Record<string, number>>>) | undefined
  /** The same of the pods in a namespace, those that have ended included for as long as they are known. */
  readonly cpuSecondsIn?: ((namespace: string) => Promise<number>) | undefined
}

const fieldManager = 'signalproof-load'

/** A pod is scheduled and starts, its last requests are answered, and what it made is taken away: each has this time. */
const besidesMs = 90_000

/** Reasons for which a container that waits will wait for ever. */
const hopeless = /^(ErrImage|ImagePull|InvalidImage|CreateContainer|RunContainer|CrashLoop)/

/**
 * Makes the load and hands back what its pods saw; nothing of it stays. However they end, there are figures: `invalidBecause`
 * says why nothing may be concluded from them.
 * @throws SignalproofError KUBE_*, LOAD_INVALID for a namespace that is somebody else's; the signal's reason
 */
export async function runInCluster(request: InClusterRequest): Promise<GeneratorFigures> {
  const { api, folder, signal } = request
  await mkdir(folder, { recursive: true })
  await clearNamespace(api, signal)
  const systemBefore = await request.systemCpuSeconds?.()
  const startedAt = epochMs()
  try {
    for (const object of objectsOf(request))
      await api.apply(object, { fieldManager, ...(signal && { signal }) })
    const ended = await untilEnded(request)
    const window = { startedAt, endedAt: epochMs() }
    const logs = await Promise.all(
      ended.pods.map(({ metadata: { name } }) =>
        api.readLog(loadNamespace, name, containerOf(ended.pods, name)),
      ),
    )
    await writeFile(join(folder, 'k6.log'), logs.join('\n'))
    return generatorFigures({
      window,
      exitCode: worstOf(ended.exitCodes),
      ...readRunnerLogs(logs),
      cpu: { seconds: ended.cpuSeconds, waitedSeconds: null },
      runners: request.runners,
      endedAfterMs: null,
      systemBefore,
      systemAfter: await request.systemCpuSeconds?.(),
    })
  } finally {
    await clearNamespace(api, undefined)
  }
}

/** Whether the operator's kind of object is known. */
export async function hasLoadOperator(api: Pick<KubeApi, 'raw'>): Promise<boolean> {
  return (await api.raw('GET', '/apis/k6.io/v1alpha1')).status === 200
}

const objectsOf = ({ as, load, runners }: InClusterRequest): KubeObject[] => [
  namespaceObject(),
  // Its controller makes it a moment later, and without it no pod is let in.
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: loadNamespace } },
  filesObject(load),
  as === 'job' ? jobObject(load) : (testRunObject(load, runners) as unknown as KubeObject),
]

const namespaceRef = { apiVersion: 'v1', kind: 'Namespace', name: loadNamespace }

/** What a run that was killed has left goes first; a namespace of the same name that is not ours stays. */
async function clearNamespace(api: InClusterRequest['api'], signal: AbortSignal | undefined): Promise<void> {
  const there = await api.find(namespaceRef)
  if (there === undefined) return
  const wanted = namespaceObject().metadata.labels?.['app.kubernetes.io/part-of']
  if (there.metadata.labels?.['app.kubernetes.io/part-of'] !== wanted) {
    throw new SignalproofError('LOAD_INVALID', {
      expected: `no namespace ${loadNamespace}, or one that a load of ours has left`,
      seen: `one with the labels ${JSON.stringify(there.metadata.labels ?? {})}`,
      remedy: 'make the load from this machine, without --as',
    })
  }
  await api.remove(namespaceRef)
  await eventually(
    `the namespace ${loadNamespace} gone`,
    async () => ((await api.find(namespaceRef)) === undefined ? found(true) : notYet('it is there')),
    { withinMs: besidesMs, everyMs: 250, remedy: `kubectl describe namespace ${loadNamespace}`, signal },
  )
}

interface Ended {
  readonly pods: readonly Pod[]
  readonly exitCodes: readonly number[]
  readonly cpuSeconds: number
}

async function untilEnded(request: InClusterRequest): Promise<Ended> {
  const { api, load, as, runners, signal, cpuSecondsIn } = request
  const name = nameOf(load.runId)
  const labelSelector = as === 'job' ? `batch.kubernetes.io/job-name=${name}` : `k6_cr=${name},runner=true`
  let cpuSeconds = 0
  let last: readonly Pod[] = []
  const look = async (): Promise<Look<readonly Pod[]>> => {
    last = await api.list<Pod>({ apiVersion: 'v1', kind: 'Pod', namespace: loadNamespace, labelSelector })
    cpuSeconds = Math.max(cpuSeconds, (await cpuSecondsIn?.(loadNamespace)) ?? 0)
    const stuck = last.flatMap(waitsForEver)
    if (stuck.length > 0) throw cannotStart(stuck.join('; '))
    const ended = last.filter((pod) => exitCodeOf(pod) !== undefined)
    return last.length === runners && ended.length === runners
      ? found(last)
      : notYet(
          `${ended.length} of ${runners} runners have ended; ${last.map(describe).join('; ') || 'no pod'}`,
        )
  }
  const { value: pods } = await eventually(`${runners} of k6 at their end`, look, {
    withinMs: load.durationMs + besidesMs,
    everyMs: 500,
    remedy: `kubectl -n ${loadNamespace} describe ${as === 'job' ? 'job' : 'testrun'} ${name}`,
    signal,
  }).catch((thrown: unknown) => {
    if (thrown instanceof SignalproofError && thrown.code === 'WAIT_TIMEOUT')
      throw new SignalproofError('LOAD_INVALID', { ...thrown.account, cause: thrown })
    throw thrown
  })
  return { pods, exitCodes: pods.map((pod) => exitCodeOf(pod) ?? 0), cpuSeconds }
}

const runnerOf = ({ status }: Pod) =>
  status?.containerStatuses?.find(({ name }) => name === 'k6') ?? status?.containerStatuses?.[0]
const exitCodeOf = (pod: Pod): number | undefined => runnerOf(pod)?.state?.terminated?.exitCode

const containerOf = (pods: readonly Pod[], name: string): string =>
  pods.find(({ metadata }) => metadata.name === name)?.spec.containers[0]?.name ?? 'k6'

function waitsForEver(pod: Pod): string[] {
  const { reason = '', message = '' } = runnerOf(pod)?.state?.waiting ?? {}
  return hopeless.test(reason) ? [`${pod.metadata.name}: ${reason} ${message}`.trimEnd()] : []
}

const describe = (pod: Pod): string =>
  `${pod.metadata.name} is ${runnerOf(pod)?.state?.waiting?.reason ?? pod.status?.phase ?? 'unknown'}`

const cannotStart = (why: string): SignalproofError =>
  new SignalproofError('LOAD_INVALID', {
    expected: 'the pods of the load to start',
    seen: why,
    remedy: 'the image of k6 has to be on the node, or to be pulled by it',
  })

/** Broken thresholds are a verdict on the system; any other code says more about the generator. */
const worstOf = (codes: readonly number[]): number =>
  codes.find((code) => code !== 0 && code !== thresholdsBroken) ?? Math.max(...codes)
