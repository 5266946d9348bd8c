import {
  answerMs,
  appLabel,
  type Cluster,
  claim,
  clusterOf,
  type EndpointSlice,
  expect,
  found,
  type Ingress,
  isMetricsServer,
  lacksEnforcement,
  misroutedPaths,
  type NetworkPolicy,
  notYet,
  type Pod,
  policyWithinMs,
  type Run,
  readyWait,
  refOf,
  type Service,
  servicesWithoutEndpoints,
  serviceUpdateMs,
  tryPolicies,
  withProbe,
} from '../../harness/test.ts'

/** Names, Services, the Ingress and network policies: who reaches whom inside the cluster. */

/** After which a resolver asks again where it heard nothing (resolv.conf(5), `timeout`): one lost packet is no lost name. */
const resolverRetryMs = 5_000

claim('platform.dns', async (work) => {
  const { run, within, note } = work
  const ready = readyWait(run.environment)
  const cluster = await clusterOf(run)
  const services = (await cluster.all<Service>('Service', cluster.ownNamespaces)).filter(({ spec }) =>
    /^[\d.]+$/.test(spec.clusterIP ?? ''),
  )
  expect(services.length, 'Services with an address').toBeGreaterThan(0)
  await withProbe(cluster, `dns-${idOf(run)}`, await probeOptions(run, cluster, ['asks']), async (probe) => {
    const unknown = `no-such-service.${run.config.logs.namespace}`
    await within(
      'every Service by its name, and no other',
      async () => {
        const answers = await Promise.all(
          services.map(async ({ metadata: { name, namespace }, spec }) => {
            const seen = await probe.resolve('asks', `${name}.${namespace}`)
            return String(seen) === spec.clusterIP
              ? []
              : [`${name}.${namespace} is ${String(seen)}, not ${spec.clusterIP}`]
          }),
        )
        const stranger = await probe.resolve('asks', unknown)
        const wrong = [
          ...answers.flat(),
          ...(stranger === 'ENOTFOUND' ? [] : [`${unknown}, which is not there, is ${String(stranger)}`]),
        ]
        return wrong.length === 0 ? found(answers.length) : notYet(wrong.join('; '))
      },
      // Before CoreDNS is ready nobody answers.
      { ...ready, worstCaseMs: ready.worstCaseMs + serviceUpdateMs + resolverRetryMs },
    )
    note(`${services.length} names resolved from a pod, and ${unknown} not`)
  })
})

claim('platform.services-lead-somewhere', async ({ run, within, note, skip }) => {
  const cluster = await clusterOf(run)
  const watched = new Set(run.config.apps.map(({ name }) => name))
  const services = await within(
    'every Service with a ready pod behind it',
    async () => {
      const [all, pods, slices] = await Promise.all([
        cluster.all<Service>('Service', cluster.ownNamespaces),
        cluster.all<Pod>('Pod', cluster.ownNamespaces),
        cluster.all<EndpointSlice>('EndpointSlice', cluster.ownNamespaces),
      ])
      // Somebody else's cluster may have Services that are nobody's business.
      const ours = all
        .filter((service) => !isMetricsServer(service))
        .filter(
          ({ metadata: { name }, spec }) =>
            run.environment.kind !== 'cluster' ||
            watched.has(name) ||
            watched.has(spec.selector?.[appLabel] ?? ''),
        )
      const wrong = servicesWithoutEndpoints(ours, pods, slices)
      return wrong.length === 0 ? found(ours) : notYet(wrong.join('; '))
    },
    { worstCaseMs: 0, allowanceMs: answerMs },
  )
  if (services.length === 0 && run.environment.kind === 'cluster')
    skip('no Service here is named after an app of signalproof.config.ts, or selects one by its label')
  expect(services.length, 'Services').toBeGreaterThan(0)
  note(`${services.length} Services`)
})

claim('platform.ingress-paths', async ({ run, skip, looked }) => {
  const cluster = await clusterOf(run)
  const [ingresses, services, pods] = await Promise.all([
    cluster.all<Ingress>('Ingress'),
    cluster.all<Service>('Service'),
    cluster.all<Pod>('Pod'),
  ])
  looked()
  if (ingresses.length === 0 && run.environment.kind === 'cluster')
    skip('there is no Ingress object here: routes are made in another way')
  expect(
    misroutedPaths(run.config.apps, run.config.ingress.host, { ingresses, services, pods }),
    'paths that do not lead to their app',
  ).toEqual([])
})

claim('platform.network-policies', async ({ run, skip, looked, note }) => {
  const cluster = await clusterOf(run)
  const wait = { withinMs: policyWithinMs, signal: run.signal, onLook: looked }
  const options = await probeOptions(run, cluster, ['asks', 'listens'])
  await withProbe(cluster, `policies-${idOf(run)}`, options, async (probe) => {
    const denyAll = denyAllOf(probe.namespace, 'listens')
    const own = ['a pod to its neighbour']
    const engine = await tryPolicies(
      {
        connections: own,
        open: async () =>
          (await probe.connect('asks', probe.addressOf('listens'), connectMs)) === null ? own : [],
        enforce: async () => void (await cluster.api.apply(denyAll, { fieldManager })),
        lift: async () => void (await cluster.api.remove(refOf(denyAll))),
      },
      wait,
    )
    if (lacksEnforcement(engine, cluster.access.nodeKind))
      skip(
        'nothing enforces network policies on this node: with all denied, the same connection is still made',
      )
    expect(engine, 'a policy that denies everything to one pod').toEqual({ kind: 'enforced' })

    const targets = await forbiddenTargets(run, cluster)
    const names = [...targets.keys()]
    const policies = await cluster.all<NetworkPolicy>('NetworkPolicy')
    const enforce = async () => {
      for (const policy of policies) await cluster.api.apply(withoutHistory(policy), { fieldManager })
    }
    const shipped = await tryPolicies(
      {
        connections: names,
        open: async () => {
          const tried = await Promise.all(
            names.map(async (name) => ({
              name,
              failed: await probe.connect('asks', targets.get(name) ?? '', connectMs),
            })),
          )
          return tried.filter(({ failed }) => failed === null).map(({ name }) => name)
        },
        enforce,
        lift: async () => {
          for (const policy of policies) await cluster.api.remove(refOf(policy))
        },
      },
      wait,
    ).finally(enforce)
    expect(shipped, 'connections that no pod of another namespace may make').toEqual({ kind: 'enforced' })
    note(`${names.length} connections denied, and made without the ${policies.length} policies`)
  })
})

const fieldManager = 'signalproof-claims'

/** A packet that is dropped is never answered: so long one try waits. */
const connectMs = 500

/** A namespace is named after the run, so that two runs on one cluster do not share it. */
const idOf = (run: Run): string => run.seed.runId.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')

/** The image of the app that is written in JavaScript: it is on the node, and has node on its PATH. */
async function probeOptions(run: Run, cluster: Cluster, pods: readonly string[]) {
  const { spec } = (await cluster.workloadOf(run.appWithoutTraffic().name)).spec.template
  return {
    image: spec.containers[0]?.image ?? '',
    pods,
    readyWithinMs: run.environment.readyWithinMs,
    signal: run.signal,
  }
}

const denyAllOf = (namespace: string, app: string) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'deny-all', namespace },
  spec: { podSelector: { matchLabels: { [appLabel]: app } }, policyTypes: ['Ingress'] },
})

/** What a pod without any business here must not reach: every Service of the stack and of its apps, by address. */
async function forbiddenTargets(run: Run, cluster: Cluster): Promise<Map<string, string>> {
  const services = await cluster.all<Service>('Service')
  const known = [...run.config.apps.map(({ name }) => name), 'loki', 'prometheus', 'alertmanager']
  const targets = services.flatMap(({ metadata: { name, namespace }, spec }) => {
    const [port] = spec.ports ?? []
    return known.includes(name) && port !== undefined
      ? [[`a pod of another namespace to ${name}.${namespace}`, `${spec.clusterIP}:${port.port}`] as const]
      : []
  })
  expect(targets.length, 'Services that others must not reach').toBeGreaterThan(0)
  return new Map(targets)
}

/** What the API server adds to an object is not applied again. */
const withoutHistory = ({
  apiVersion,
  kind,
  metadata: { name, namespace, labels },
  spec,
}: NetworkPolicy) => ({
  apiVersion,
  kind,
  metadata: {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(labels === undefined ? {} : { labels }),
  },
  spec,
})
