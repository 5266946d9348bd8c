import {
  claim,
  clusterOf,
  expect,
  misjudged,
  otherThanReadOnlyFolders,
  podOfTemplate,
  type Run,
  readAdmission,
  trialPods,
} from '../../harness/test.ts'

/** Pod Security: the API server is asked to make pods that it does not make (dry run). */

/** Where every pod has to keep `restricted`. */
const restrictedNamespaces = (run: Run): string[] => [
  ...new Set([run.config.logs.namespace, 'observability', 'ingress']),
]

async function tryPod(run: Run, namespace: string, spec: object) {
  const { api } = await clusterOf(run)
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'signalproof-trial', namespace }, spec }
  return readAdmission(
    await api.raw('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, {
      body: pod,
      signal: run.signal,
    }),
  )
}

claim('platform.pod-security', async ({ run, looked, note }) => {
  const namespaces = restrictedNamespaces(run)
  const wrong = await Promise.all(
    namespaces.flatMap((namespace) =>
      trialPods.map(async (trial) => {
        looked()
        const words = misjudged(trial, await tryPod(run, namespace, trial.spec))
        return words === undefined ? [] : [`${namespace}: ${words}`]
      }),
    ),
  )
  expect(wrong.flat(), 'pods that Pod Security judges otherwise than `restricted` does').toEqual([])
  note(`${trialPods.length - 1} ways to break it, each refused in ${namespaces.join(', ')}`)
})

claim('platform.collector-reads-only', async ({ run, looked }) => {
  const cluster = await clusterOf(run)
  const collector = await cluster.workloadOf('collector')
  const admission = await tryPod(run, run.config.logs.namespace, podOfTemplate(collector))
  looked()
  expect(
    otherThanReadOnlyFolders(collector, admission),
    'what the collector takes beside a folder of the node that it reads',
  ).toEqual([])
})
