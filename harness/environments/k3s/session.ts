import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { SignalproofConfig } from '../../config/config-schema.ts'
import { epochMs } from '../../core/clock.ts'
import type { KubeApi } from '../../kube/kube-api.ts'
import { type KubeObject, type KubeRef, refOf, writeRef } from '../../kube/kube-object.ts'
import { workloadKinds } from '../../kube/workloads.ts'
import type { AppAddress, RunningEnvironment } from '../contract.ts'
import { mirrorAppLog } from '../kubernetes/log-mirror.ts'
import { createControlServer } from '../process/control-server.ts'
import type { ComponentStatus } from '../process/supervisor-protocol.ts'
import { type AddressOf, stackAddresses } from '../stack-addresses.ts'
import { appPods } from './app-pods.ts'
import { autoscalersAtRest } from './autoscalers-at-rest.ts'
import { endEach } from './end-each.ts'
import type { StackFaultMaker } from './faults/cluster-stack-faults.ts'
import { reachThroughIngress } from './ingress-routes.ts'
import { waitForRollout } from './rollout.ts'
import type { WorkloadState } from './rollout-judgement.ts'
import type { StandInPods } from './stand-in-pods.ts'
import { startEffectsOver } from './start-effects.ts'

/**
 * Serves one run on a cluster from this process: says what is ready, mirrors the apps' logs and takes faults, all in the
 * ways in which the supervisor of processes does.
 */
export interface Session {
  readonly supervisor: RunningEnvironment['supervisor']
  readonly apps: readonly AppAddress[]
  /** Settles when every workload is rolled out; rejects with the pod that never will be. */
  readonly ready: Promise<void>
  /** Ends the faults that were begun in it, the mirrors and the server. @throws what the first that failed did, after all */
  close(): Promise<void>
}

export interface SessionParts {
  readonly api: KubeApi
  /** What was applied of the stack and the apps. */
  readonly objects: readonly KubeObject[]
  readonly addressOf: AddressOf
  readonly config: SignalproofConfig
  /** Where the apps' logs are mirrored to. */
  readonly folder: string
  readonly faults: StackFaultMaker
  readonly standIns: StandInPods
  readonly digest: string
  readonly signal?: AbortSignal | undefined
  /** Hears, in words, that the stack will not start, or that an app's log is lost. */
  readonly onFailed: (thrown: unknown) => void
}

/** Above what the slowest cluster took to roll out everything; whatever can never start is found at once. */
export const readyWithinMs = 300_000

/** @throws SignalproofError ENV_POD_FAILED, ENV_NOT_READY when an app gets no pod */
export async function openSession(parts: SessionParts): Promise<Session> {
  const ending = new AbortController()
  const signal = parts.signal === undefined ? ending.signal : AbortSignal.any([parts.signal, ending.signal])
  const rollout = followRollout(parts, signal)
  const settled = followSettling(parts, rollout.ready, signal)
  const token = randomBytes(24).toString('base64url')
  const startedAt = new Date().toISOString()
  const server = createControlServer(token, {
    status: () => ({
      pid: process.pid,
      startedAt,
      digest: parts.digest,
      stopping: null,
      components: [...rollout.components(), settled.component()],
    }),
    faults: {
      begin: ({ fault, expires_in_ms: expiresInMs }) => parts.faults.begin(fault, expiresInMs),
      end: (id) => parts.faults.end(id),
    },
    standIns: parts.standIns,
  })
  try {
    const pods = await appPods(parts.api, parts.config.apps, signal)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const apps = parts.config.apps.map((app) => appAddress(parts, app, pods.get(app.name) ?? ''))
    const mirrors = apps.map((app) => mirror(parts, app, ending.signal))
    return {
      supervisor: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token },
      apps,
      ready: settled.ready,
      close: async () => {
        ending.abort()
        await endEach([
          () => parts.faults.endAll(),
          () => parts.standIns.removeAll(),
          ...mirrors.map((mirroring) => () => mirroring),
          () => {
            server.closeAllConnections()
            return new Promise((resolve) => server.close(resolve))
          },
        ])
      },
    }
  } catch (thrown) {
    ending.abort()
    server.close()
    throw thrown
  }
}

/** The workloads that a run needs from its first moment; the rest of the cluster's own have claims of their own. */
const isNeeded = ({ kind, namespace, name }: KubeRef): boolean =>
  (workloadKinds as readonly string[]).includes(kind) && (namespace !== 'kube-system' || name === 'coredns')

export const workloadsOf = (objects: readonly KubeObject[]): KubeRef[] =>
  objects.filter(({ kind }) => (workloadKinds as readonly string[]).includes(kind)).map(refOf)

function followRollout(
  { api, objects, onFailed }: SessionParts,
  signal: AbortSignal,
): { ready: Promise<void>; components: () => ComponentStatus[] } {
  const refs = objects.map(refOf).filter(isNeeded)
  const startedAt = performance.now()
  let states: ReadonlyMap<string, WorkloadState> = new Map()
  const readyAfterMs = new Map<string, number>()
  const ready = waitForRollout(api, refs, {
    withinMs: readyWithinMs,
    signal,
    onLook: (looked) => {
      states = looked
      for (const [name, state] of looked)
        if (state.kind === 'ready' && !readyAfterMs.has(name))
          readyAfterMs.set(name, Math.round(performance.now() - startedAt))
    },
  })
  ready.catch((thrown: unknown) => {
    if (!signal.aborted) onFailed(thrown)
  })
  const components = () =>
    refs.map((ref): ComponentStatus => {
      const state = states.get(writeRef(ref))
      return {
        name: ref.name,
        state: stateWord(state),
        pid: null,
        readyAfterMs: readyAfterMs.get(writeRef(ref)) ?? null,
        readyUrl: '',
      }
    })
  return { ready, components }
}

/** Traefik takes a new route in after two seconds; one that has not come by then is for the claims to name. */
const routesWithinMs = 10_000

/**
 * The collector's longest pause between tries (5 s, which it draws up to half longer), the answer it may wait for (2 s),
 * and the windows of the alerts about it; what is not over by then is for the claims to name.
 */
const startEffectsWithinMs = 15_000

/**
 * Traffic that meets a route which is not there yet is an error of the apps, and an alert without a fault; so is one that
 * the start itself set off.
 */
function followSettling(
  { api, objects, config, addressOf }: SessionParts,
  rolledOut: Promise<void>,
  signal: AbortSignal,
): { ready: Promise<void>; component: () => ComponentStatus } {
  let state: ComponentStatus['state'] = 'starting'
  const refs = objects.map(refOf).filter(isNeeded)
  const ready = rolledOut.then(async () => {
    const hadToWait = await autoscalersAtRest(api, config.apps, { signal }).catch(() => false)
    // Pods that it let go are scraped until they have ended.
    if (hadToWait) await waitForRollout(api, refs, { withinMs: readyWithinMs, signal }).catch(() => {})
    await reachThroughIngress(config, addressOf('ingress'), { withinMs: routesWithinMs, signal }).catch(
      () => {},
    )
    await startEffectsOver(config, stackAddresses(addressOf), {
      withinMs: startEffectsWithinMs,
      signal,
    }).catch(() => {})
    state = 'ready'
  })
  ready.catch(() => {})
  const component = () => ({ name: 'routes-and-alerts', state, pid: null, readyAfterMs: null, readyUrl: '' })
  return { ready, component }
}

function stateWord(state: WorkloadState | undefined): ComponentStatus['state'] {
  if (state?.kind === 'ready') return 'ready'
  if (state?.kind === 'failed') return 'ended'
  return state === undefined || state.pods.length === 0 ? 'waiting' : 'starting'
}

function appAddress(
  { addressOf, folder, objects }: SessionParts,
  { name, namespace, faultRoute }: SignalproofConfig['apps'][number],
  pod: string,
): AppAddress {
  return {
    name,
    namespace,
    pod,
    container: containerOf(objects, name, namespace),
    url: addressOf(`app-${name}`),
    faultSwitch: faultRoute === undefined ? null : addressOf(`switch-${name}`),
    // One file an app, whichever of its pods wrote.
    logFile: join(folder, 'pods', `${namespace}_${name}`, 'all.log'),
    pods: { labelSelector: selectorOf(name), port: metricsPortOf(objects, name, namespace) },
  }
}

const selectorOf = (app: string): string => `app.kubernetes.io/name=${app}`

interface AppDeployment {
  readonly spec?: {
    readonly template?: {
      readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> }
      readonly spec?: { readonly containers?: readonly { readonly name: string }[] }
    }
  }
}

const deploymentOf = (
  objects: readonly KubeObject[],
  name: string,
  namespace: string,
): AppDeployment | undefined =>
  objects.find(
    ({ kind, metadata }) =>
      kind === 'Deployment' && metadata.name === name && metadata.namespace === namespace,
  ) as AppDeployment | undefined

/** The app's own container is called like the app; the first one where a foreign app does it otherwise. */
function containerOf(objects: readonly KubeObject[], name: string, namespace: string): string {
  const { spec } = deploymentOf(objects, name, namespace)?.spec?.template ?? {}
  const containers = (spec?.containers ?? []).map((container) => container.name)
  return containers.find((container) => container === name) ?? containers[0] ?? name
}

/** The port that Prometheus scrapes. */
function metricsPortOf(objects: readonly KubeObject[], name: string, namespace: string): number {
  const { metadata } = deploymentOf(objects, name, namespace)?.spec?.template ?? {}
  return Number(metadata?.annotations?.['prometheus.io/port'] ?? defaultMetricsPort)
}
const defaultMetricsPort = 8080

async function mirror(
  { api, onFailed }: SessionParts,
  { name, namespace, container, logFile }: AppAddress,
  signal: AbortSignal,
): Promise<void> {
  await mirrorAppLog({
    api,
    namespace,
    labelSelector: selectorOf(name),
    container,
    file: logFile,
    sinceMs: epochMs(),
    signal,
    onFailed,
  })
}
