import {
  type ApiService,
  type Autoscaler,
  absentOf,
  answerMs,
  appLabel,
  autoscalerSyncOf,
  type Cluster,
  claim,
  clusterOf,
  describeUtilization,
  epochMs,
  expect,
  found,
  hasLabels,
  housekeepingMs,
  metricsResolutionMs,
  notYet,
  oldEnoughInMs,
  type Pod,
  podMetricsIn,
  type Run,
  readyWait,
  startMs,
  systemNamespace,
  unavailableApi,
  unmeasuredPods,
  unreadyWorkloads,
  unscalable,
  type Workload,
  workloadStates,
} from '../../harness/test.ts'

/** Metrics of pods, and the autoscalers that live by them. */

claim('platform.metrics-api', async ({ run, within, note }) => {
  const cluster = await clusterOf(run)
  const { resolutionMs, servers, isStarting, unready, lastWords } = await metricsServer(run, cluster)
  const { worstCaseMs, ...wait } = readyWait(run.environment)
  const measuredMs = housekeepingMs + 2 * resolutionMs
  const settlesInMs = oldEnoughInMs(
    [...(await cluster.all<Pod>('Pod', cluster.ownNamespaces)), ...servers],
    measuredMs,
    epochMs(),
  )
  const pods = await within(
    'the metrics API available, with every running pod',
    async () => {
      const service = await cluster.api.find<ApiService>({
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        name: 'v1beta1.metrics.k8s.io',
      })
      // A new metrics-server that cannot read the kubelets leaves the old one in its place, and the API available.
      const wrong = [...unavailableApi(service), ...(await unready())]
      if (wrong.length > 0) {
        const words = [...wrong, ...(await lastWords())]
        expect(
          (await isStarting()) ? [] : words,
          'why metrics-server, which had its time, reads nothing',
        ).toEqual([])
        return notYet(words.join('; '))
      }
      const [running, metrics] = await Promise.all([
        cluster.all<Pod>('Pod', cluster.ownNamespaces),
        podMetricsIn(cluster, cluster.ownNamespaces),
      ])
      const without = unmeasuredPods(running, metrics)
      return running.length > 0 && without.length === 0
        ? found(running)
        : notYet(`nothing about ${without.join(', ') || 'any pod'}`)
    },
    {
      ...wait,
      // A pod is in the answer once its kubelet has measured it and metrics-server has read that twice.
      worstCaseMs: worstCaseMs + (run.environment.kept ? settlesInMs : measuredMs),
    },
  )
  note(`${pods.length} pods measured`)
})

claim('platform.autoscalers-active', async ({ run, within, note, skip }) => {
  const cluster = await clusterOf(run)
  const { resolutionMs } = await metricsServer(run, cluster)
  const autoscalers = await within(
    'every autoscaler with a current value of every metric',
    async () => {
      const [all, targets] = await Promise.all([
        cluster.all<Autoscaler>('HorizontalPodAutoscaler'),
        cluster.workloads(),
      ])
      if (all.length === 0) return run.environment.kind === 'cluster' ? found(all) : notYet('no autoscaler')
      const wrong = unscalable(all, targets)
      expect(
        absentOf(cluster.applied('HorizontalPodAutoscaler'), all),
        'autoscalers of the manifests that are not there',
      ).toEqual([])
      expect(
        wrong.filter(({ isFinal }) => isFinal).map(({ reason }) => reason),
        'autoscalers that can never scale',
      ).toEqual([])
      return wrong.length === 0 ? found(all) : notYet(wrong.map(({ reason }) => reason).join('; '))
    },
    {
      worstCaseMs: autoscalerSyncOf(run.environment) + housekeepingMs + 2 * resolutionMs,
      allowanceMs: answerMs,
      everyMs: 250,
    },
  )
  if (autoscalers.length === 0) skip('there is no autoscaler here')
  note(describeUtilization(autoscalers))
})

/** How often metrics-server reads the kubelets, and what it says about it when it cannot. */
async function metricsServer(run: Run, cluster: Cluster) {
  const namespaces = run.environment.kind === 'cluster' ? cluster.access.namespaces : [systemNamespace]
  const own = (await cluster.workloads(namespaces)).find(({ metadata }) => metadata.name === 'metrics-server')
  const serversOf = async (server: Workload | undefined): Promise<Pod[]> =>
    (await cluster.all<Pod>('Pod', namespaces)).filter(({ metadata }) =>
      hasLabels(metadata.labels, server?.spec.selector.matchLabels ?? { [appLabel]: 'metrics-server' }),
    )
  return {
    resolutionMs: own === undefined ? 0 : metricsResolutionMs(own.spec.template),
    /** Its pods: a new one has yet to read the kubelets. */
    servers: await serversOf(own),
    isStarting: async (): Promise<boolean> => {
      if (own === undefined) return false
      const timeMs = startMs(own.spec.template) + housekeepingMs + 2 * metricsResolutionMs(own.spec.template)
      return oldEnoughInMs(await serversOf(own), timeMs, epochMs()) > 0
    },
    unready: async (): Promise<string[]> => {
      const [now] = (await cluster.workloads(namespaces)).filter(
        ({ metadata }) => metadata.name === 'metrics-server',
      )
      if (now === undefined) return []
      const states = await workloadStates(cluster, [now])
      return unreadyWorkloads([now], states, { mayBeOff: false }).map(({ reason }) => reason)
    },
    lastWords: async (): Promise<string[]> => {
      if (own === undefined) return [`there is no Deployment metrics-server in ${namespaces.join(', ')}`]
      return cluster.lastComplaint(own)
    },
  }
}
