import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { appVariablesOf } from '../../config/app-variables.ts'
import { renderedDashboards } from '../../config/dashboard-documents.ts'
import { readStackDocuments } from '../../config/stack-documents.ts'
import { applyProfile } from '../../config/time-profiles.ts'
import { epochMs } from '../../core/clock.ts'
import { SignalproofError } from '../../core/signalproof-error.ts'
import { KubeApi } from '../../kube/kube-api.ts'
import type { KubeObject } from '../../kube/kube-object.ts'
import type { AppAddress, RunningEnvironment } from '../contract.ts'
import type { EnvironmentHome, OpenedEnvironment, OpenRequest } from '../home.ts'
import { mirrorAppLog } from '../kubernetes/log-mirror.ts'
import { stackAddresses } from '../stack-addresses.ts'
import { type AppPods, findAppPods, selectorOf } from './app-pods.ts'
import { waysTo } from './backend-ways.ts'
import { type ClusterPlan, planCluster } from './cluster-plan.ts'
import { connectTo } from './connection.ts'
import { Forwarder } from './forwarder.ts'
import { appBackend, kubernetesBackend, switchBackend } from './planned-backends.ts'
import { PortForwards } from './port-forwards.ts'
import { lookAtBackends, readVersions } from './readiness.ts'
import { checkPermissions, checkServer, checkServices } from './start-checks.ts'

/** A stack on a cluster of somebody else: nothing is installed, and only what the plan lists is asked. */
export const clusterHome: EnvironmentHome = { kind: 'cluster', open }

/** What is there already answers at once, or a proxy on the way is slow. */
const readyWithinMs = 15_000

/** @throws SignalproofError with the place in signalproof.config.ts: a wrong section, context, permission or service */
async function open(wanted: OpenRequest): Promise<OpenedEnvironment> {
  refuseChanges(wanted)
  const plan = planCluster(wanted.project)
  const { section, backends } = plan
  const { config, root } = wanted.project
  const connection = connectTo({ section, root, context: wanted.context })
  const ending = new AsyncDisposableStack()
  try {
    let found: readonly AppPods[] = []
    let switches: PortForwards | undefined
    const podOf = (app: string) => found.find(({ app: { name } }) => name === app)?.pods[0] ?? ''
    const forwardedPort = (app: string) => switches?.portOf(app) ?? 0
    const forwarder: Forwarder = ending.use(
      await Forwarder.start({
        backends: waysTo(backends, { connection, podOf, forwardedPort }),
        status: () => lookAtBackends(backends, (name) => forwarder.addressOf(name)),
        // Of the API server it is told as a permission that lacks; a backend's claim would take it for the backend's word.
        onRefused: (backend, what) => {
          if (backend !== kubernetesBackend)
            wanted.onFailed(`a request was not in the plan, so it was not made: ${what}`)
        },
      }),
    )
    const kubeconfig = kubeconfigFor(forwarder.addressOf(kubernetesBackend))
    const api = KubeApi.fromKubeconfig(kubeconfig)
    await checkServer(api, connection.server)
    await checkPermissions(api, plan.permissions)
    await checkServices(api, section)
    if (section.allow.includes('traffic')) found = await findAppPods(api, config, section.appPods)
    wanted.startFolder()
    const folder = join(wanted.folder, 'environment')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(join(folder, 'kubeconfig'), kubeconfig, { mode: 0o600 })
    const mayBreak = section.allow.includes('app-faults')
    if (mayBreak) {
      const ports = backends.flatMap(({ route }) =>
        route.kind === 'port-forward' ? [{ ...route, pod: podOf(route.app) }] : [],
      )
      switches = ending.use(await PortForwards.open(connection, ports))
    }
    const environment = await describe(wanted, { plan, forwarder, api, found, folder })
    ending.defer(() => writeAsked(folder, forwarder))
    if (mayBreak) followLogs(api, environment, found, section.appPods, ending, wanted.onFailed)
    const documents = readStackDocuments(wanted.project)
    return {
      environment,
      productionDocuments: applyProfile('production', documents),
      close: () => ending.disposeAsync(),
    }
  } catch (thrown) {
    await ending.disposeAsync()
    throw thrown
  }
}

/** Nothing is rendered and nothing is started for a cluster that is there already. */
function refuseChanges({ set, keep }: OpenRequest): void {
  const [option] = set
  if (option === undefined && !keep) return
  throw new SignalproofError('USAGE_BAD_VALUE', {
    expected: 'a cluster that is looked at as it is',
    seen: option === undefined ? '--keep, where nothing is started' : '--set, where nothing is rendered',
    where: option === undefined ? '--keep' : `--set ${option.text}`,
    remedy: 'leave it out, or take `--env process` or `--env k3s`, where the stack is ours',
  })
}

interface Opened {
  readonly plan: ClusterPlan
  readonly forwarder: Forwarder
  readonly api: KubeApi
  readonly found: readonly AppPods[]
  readonly folder: string
}

async function describe(
  { project, startedAt, context }: OpenRequest,
  { plan, forwarder, api, found, folder }: Opened,
): Promise<RunningEnvironment> {
  const { section, capabilities, lacks } = plan
  const several = found.find(({ pods }) => pods.length > 1)
  const countable = several === undefined || !capabilities.includes('sole-traffic')
  const at = (name: string) => forwarder.addressOf(name)
  const inGit = applyProfile(section.profile, readStackDocuments(project))
  return {
    kind: 'cluster',
    profile: section.profile,
    digest: createHash('sha256').update(JSON.stringify(section)).digest('hex').slice(0, 16),
    id: `cluster-${context ?? section.context}`,
    folder,
    startedAt,
    kept: true,
    addresses: stackAddresses(at),
    apps: project.config.apps.map((app): AppAddress => {
      const { pods: [pod = ''] = [], container = '' } = found.find((one) => one.app.name === app.name) ?? {}
      const hasSwitch = plan.backends.some(({ name }) => name === switchBackend(app.name))
      return {
        name: app.name,
        namespace: app.namespace,
        pod,
        container,
        url: at(appBackend(app.name)),
        faultSwitch: hasSwitch ? at(switchBackend(app.name)) : null,
        logFile: join(folder, 'pods', `${app.name}.log`),
      }
    }),
    supervisor: { url: forwarder.root, token: forwarder.token },
    readyWithinMs,
    faultToken: await faultTokenOf(section, api),
    capabilities: countable ? capabilities : capabilities.filter((name) => name !== 'sole-traffic'),
    lacks: countable
      ? lacks
      : {
          ...lacks,
          'sole-traffic': `${several?.app.name} has ${several?.pods.length} pods, and each counts its own requests`,
        },
    components: await readVersions(section.services, at),
    set: [],
    collectorConfiguration: await collectorConfigurationOf(project, section, api),
    // Nobody there answers with these, so they are what `sources` say.
    appVariables: appVariablesOf(inGit.apps),
    dashboards: renderedDashboards(inGit),
    faultDefaults: {},
    kubernetes: {
      kubeconfig: join(folder, 'kubeconfig'),
      context: forwardedContext,
      namespaces: section.namespaces,
    },
  }
}

async function faultTokenOf({ allow, appPods }: ClusterPlan['section'], api: KubeApi): Promise<string> {
  const token = appPods.faultSwitch?.token
  if (!allow.includes('app-faults') || token === undefined) return ''
  const { secret, variable } = token
  const where = 'signalproof.config.ts cluster.appPods.faultSwitch.token'
  if (secret === undefined) {
    const value = process.env[variable ?? '']
    if (value !== undefined && value !== '') return value
    throw new SignalproofError('CONFIG_INVALID', {
      expected: `the token of the fault switches in the environment variable ${variable}`,
      seen: 'it is not set',
      where: `${where}.variable`,
      remedy: 'set it, or name the Secret that holds it',
    })
  }
  const { namespace, name, key } = secret
  const object = await api.get<KubeObject & { data?: Record<string, string> }>({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace,
    name,
  })
  const value = object.data?.[key]
  if (value !== undefined) return Buffer.from(value, 'base64').toString('utf8')
  throw new SignalproofError('CONFIG_INVALID', {
    expected: `the key ${key} in the Secret ${namespace}/${name}`,
    seen: Object.keys(object.data ?? {}).join(', ') || 'no key',
    where: `${where}.secret.key`,
    remedy: 'name the key that holds the token',
  })
}

async function collectorConfigurationOf(
  project: OpenRequest['project'],
  { collectorConfiguration, profile }: ClusterPlan['section'],
  api: KubeApi,
): Promise<unknown> {
  if (collectorConfiguration === undefined)
    return applyProfile(profile, readStackDocuments(project)).collector
  const { namespace, configMap, key } = collectorConfiguration
  const object = await api.get<KubeObject & { data?: Record<string, string> }>({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    namespace,
    name: configMap,
  })
  const text = object.data?.[key]
  if (text !== undefined) return parse(text)
  throw new SignalproofError('CONFIG_INVALID', {
    expected: `the key ${key} in the ConfigMap ${namespace}/${configMap}`,
    seen: Object.keys(object.data ?? {}).join(', ') || 'no key',
    where: 'signalproof.config.ts cluster.collectorConfiguration.key',
    remedy: 'name the key that holds the configuration of the collector',
  })
}

function followLogs(
  api: KubeApi,
  { apps }: RunningEnvironment,
  found: readonly AppPods[],
  appPods: ClusterPlan['section']['appPods'],
  ending: AsyncDisposableStack,
  onFailed: (message: string) => void,
): void {
  const stopping = new AbortController()
  const mirrors = found.map(({ app, container }) =>
    mirrorAppLog({
      api,
      namespace: app.namespace,
      labelSelector: selectorOf(app.name, appPods),
      container,
      file: apps.find(({ name }) => name === app.name)?.logFile ?? '',
      sinceMs: epochMs(),
      signal: stopping.signal,
      onFailed: (thrown) => onFailed(thrown instanceof Error ? thrown.message : String(thrown)),
    }),
  )
  ending.defer(async () => {
    stopping.abort()
    await Promise.all(mirrors)
  })
}

const forwardedContext = 'forwarded'

/** For claims that ask the cluster itself: they come by the forwarder too, so it holds no credentials. */
const kubeconfigFor = (server: string): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    // It speaks HTTP on 127.0.0.1, which the client takes only where no certificate is asked for.
    clusters: [{ name: forwardedContext, cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: forwardedContext, user: {} }],
    contexts: [{ name: forwardedContext, context: { cluster: forwardedContext, user: forwardedContext } }],
    'current-context': forwardedContext,
  })

/** What was in fact asked, for whoever wants to compare it with the plan. */
function writeAsked(folder: string, { asked }: Forwarder): void {
  writeFileSync(join(folder, 'requests.json'), `${JSON.stringify(asked, null, 2)}\n`)
}
