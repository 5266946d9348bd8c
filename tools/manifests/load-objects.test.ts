import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { loadConfig } from '../../harness/config/load-config.ts'
import type { ManifestObject } from '../../harness/config/manifest-object.ts'
import { type RenderForm, renderLoad } from '../../harness/load/kubernetes/render-load.ts'
import { testRunSchema } from '../../harness/load/kubernetes/test-run-schema.ts'
import { schemaProblems } from './kubernetes-schemas.ts'

/** A rendered load against Kubernetes' own schemas; what the operator hands to its pods is checked as such a pod. */

const root = join(import.meta.dirname, '..', '..')
const project = await loadConfig(root)

function render(as: RenderForm): ManifestObject[] {
  const script = join(root, 'load', 'steady.ts')
  const text = renderLoad({ as, project, script, ratePerSecond: 50, durationMs: 60_000, runId: 'one' })
  return parseAllDocuments(text).map((document) => document.toJS() as ManifestObject)
}

function runnerPod(testRun: ManifestObject): ManifestObject {
  const { spec, metadata } = testRunSchema.parse(testRun)
  const { image, imagePullPolicy, env, resources, securityContext, volumes, ...rest } = spec.runner
  const { containerSecurityContext, volumeMounts } = rest
  const container = { name: 'k6', image, imagePullPolicy, env, resources, volumeMounts }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: {
      securityContext,
      volumes,
      containers: [{ ...container, securityContext: containerSecurityContext }],
    },
  }
}

test('every pod of a test run keeps what its namespace enforces', () => {
  const [namespace, , testRun] = render('testrun') as [ManifestObject, ManifestObject, ManifestObject]
  expect(namespace.metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' })
  const { initializer, starter, runner } = testRunSchema.parse(testRun).spec
  for (const pod of [initializer, starter, runner]) {
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    })
    expect(pod.containerSecurityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    })
  }
})

test('a rendered load is what Kubernetes takes, and a field that it does not know is not', async () => {
  const [namespace, files, job] = render('job') as [ManifestObject, ManifestObject, ManifestObject]
  const pod = runnerPod(render('testrun')[2] as ManifestObject)
  const wrong = structuredClone(job) as ManifestObject & { spec: Record<string, unknown> }
  wrong.spec.backofLimit = 1
  wrong.metadata.name = 'wrong'
  const problems = await schemaProblems(root, [namespace, files, job, pod, wrong])
  expect(problems).toEqual([{ object: 'Job.load.wrong', says: expect.stringContaining('backofLimit') }])
}, 120_000)
