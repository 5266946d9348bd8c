import {
  absentOf,
  accountOf,
  type ClusterNode,
  claim,
  clusterOf,
  excessAccess,
  expect,
  failedChecks,
  found,
  isAllowed,
  isMetricsServer,
  isOff,
  neededAccess,
  notYet,
  type Pod,
  readyWait,
  reviewObject,
  systemNamespace,
  unpinnedImages,
  unreadyWorkloads,
  unwellNodes,
  workloadKinds,
  workloadStates,
  writeReview,
} from '../../harness/test.ts'
import { restartsAtBegin } from '../stories/restarts.ts'

/** The cluster itself: its API, its nodes, who may do what, and whether everything on it runs as it was meant. */

claim('platform.api-healthy', async ({ run, within }) => {
  const { api } = await clusterOf(run)
  await within(
    'every check of /readyz ok',
    async (signal) => {
      const { status, data } = await api.raw('GET', '/readyz?verbose', { signal })
      const failed = failedChecks(String(data))
      return status === 200 && failed.length === 0
        ? found(status)
        : notYet(`status ${status}: ${failed.join(', ')}`)
    },
    readyWait(run.environment),
  )
})

claim('platform.node-ready', async ({ run, within, note }) => {
  const cluster = await clusterOf(run)
  const nodes = await within(
    'every node ready and short of nothing',
    async () => {
      const all = await cluster.nodes<ClusterNode>()
      const unwell = unwellNodes(all)
      return unwell.length === 0 ? found(all) : notYet(unwell.join('; '))
    },
    readyWait(run.environment),
  )
  note(`${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'} ready`)
})

claim('platform.least-access', async ({ run, within, note }) => {
  const cluster = await clusterOf(run)
  const { namespaces } = cluster.access
  const { collectorConfiguration } = run.environment
  const components = neededAccess(run.config.logs.namespace, collectorConfiguration)
  const accounts = await within(
    `a pod of ${components.map(({ component }) => component).join(', ')}`,
    async () => {
      const pods = await cluster.all<Pod>('Pod', [...new Set([...namespaces, systemNamespace])])
      const known = components.map((one) => ({ ...one, account: accountOf(one.component, pods) }))
      const without = known.filter(({ account }) => account === undefined)
      return without.length === 0
        ? found(known.map((one) => ({ ...one, account: one.account ?? '' })))
        : notYet(`no pod of ${without.map(({ component }) => component).join(', ')}`)
    },
    readyWait(run.environment),
  )
  const mayDo = async (account: string, review: Parameters<typeof reviewObject>[1]) => {
    const { status, data } = await cluster.api.raw(
      'POST',
      '/apis/authorization.k8s.io/v1/subjectaccessreviews',
      {
        body: reviewObject(account, review),
      },
    )
    expect(
      status,
      `the answer to whether ${account} may ${writeReview(review)}: ${JSON.stringify(data)}`,
    ).toBe(201)
    return isAllowed(data)
  }
  const asked = await Promise.all(
    accounts.flatMap(({ component, account, because, reviews }) => [
      ...reviews.map(async (review) =>
        (await mayDo(account, review))
          ? []
          : [`${component} (${account}) may not ${writeReview(review)}, and ${because}`],
      ),
      ...excessAccess(component, namespaces).map(async (review) =>
        (await mayDo(account, review))
          ? [`${component} (${account}) may ${writeReview(review)}, which it never needs`]
          : [],
      ),
    ]),
  )
  expect(asked.flat(), 'what accounts of the stack may not do, or may do beyond their work').toEqual([])
  note(`${asked.length} permissions of ${accounts.length} accounts`)
})

claim('platform.images-pinned', async ({ run, within, note }) => {
  const cluster = await clusterOf(run)
  const prepared = run.environment.kubernetes?.images
  const pods = await within(
    'every container running its image',
    async () => {
      const all = await cluster.all<Pod>('Pod', cluster.ownNamespaces)
      const wrong = unpinnedImages(all, prepared)
      return all.length > 0 && wrong.length === 0 ? found(all) : notYet(wrong.join('; ') || 'no pod')
    },
    readyWait(run.environment),
  )
  const images = new Set(pods.flatMap(({ spec }) => spec.containers.map(({ image }) => image)))
  note(`${images.size} images pinned${prepared === undefined ? '' : ', each running as it was prepared'}`)
})

claim('platform.workloads', async ({ run, within, note }) => {
  const cluster = await clusterOf(run)
  const mayBeOff = run.environment.kind === 'cluster'
  const workloads = await within(
    'every workload at its replicas, updated and ready',
    async () => {
      const there = await cluster.workloads(cluster.ownNamespaces)
      const all = there.filter((workload) => !isMetricsServer(workload))
      expect(
        absentOf(
          workloadKinds.flatMap((kind) => cluster.applied(kind)),
          there,
        ),
        'workloads of the manifests that are not there',
      ).toEqual([])
      const states = await workloadStates(cluster, all)
      const unready = unreadyWorkloads(all, states, { mayBeOff })
      const final = unready.filter(({ isFinal }) => isFinal)
      expect(
        final.map(({ reason }) => reason),
        'workloads that will never be ready by waiting',
      ).toEqual([])
      if (all.every(isOff))
        return notYet(all.length === 0 ? 'no workload at all' : 'every workload is scaled to 0')
      return unready.length === 0 ? found(all) : notYet(unready.map(({ reason }) => reason).join('; '))
    },
    readyWait(run.environment),
  )
  await restartsAtBegin(run)
  note(`${workloads.length} workloads in ${cluster.ownNamespaces.length} namespaces`)
})
