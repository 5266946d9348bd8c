import { expect, test } from 'vitest'
import { lintObjects } from './check-manifests.ts'
import { changed, verifiedCluster } from './manifest-doubles.ts'

const objects = await verifiedCluster()
const written = (copies: typeof objects) =>
  lintObjects(copies).map(({ object, says }) => `${object}: ${says}`)

test('our manifests refer to nothing that is not there', () => {
  expect(objects.length).toBeGreaterThan(90)
  expect(written(objects)).toEqual([])
})

const pod = 'spec.template.spec'
const frontend = 'Deployment.apps.frontend'
const go = 'Deployment.apps.available-schedules-go'
const scaler = 'HorizontalPodAutoscaler.apps.available-schedules-go'
const collector = 'DaemonSet.observability-node.collector'
const backend = 'spec.rules.0.http.paths.0.backend.service'

test.each<[what: string, object: string, path: string, value: unknown, says: RegExp]>([
  [
    'a Service that selects nobody',
    'Service.apps.frontend',
    'spec.selector',
    { app: 'frontend' },
    /^Service\.apps\.frontend: its selector .* selects no pod/,
  ],
  [
    'a Service whose port nobody has',
    'Service.apps.frontend',
    'spec.ports.0.targetPort',
    'htttp',
    /no container of its pods has the port htttp/,
  ],
  [
    'an Ingress to no Service',
    'Ingress.apps.apps',
    `${backend}.name`,
    'v1',
    /the path \/v1 leads to the Service v1, which does not exist/,
  ],
  [
    'an Ingress to no port',
    'Ingress.apps.apps',
    `${backend}.port`,
    { number: 80 },
    /a port that the Service available-schedules-python does not have: \{"number":80\}/,
  ],
  [
    'an Ingress of no class',
    'Ingress.apps.apps',
    'spec.ingressClassName',
    'nginx',
    /there is no IngressClass "nginx"/,
  ],
  [
    'an HPA of nothing',
    scaler,
    'spec.scaleTargetRef.name',
    'go',
    /it scales Deployment go, which does not exist/,
  ],
  [
    'an HPA without CPU requests',
    go,
    `${pod}.containers.0.resources.requests.cpu`,
    undefined,
    /^HorizontalPodAutoscaler\.apps\.available-schedules-go: the container available-schedules-go of its target has no CPU request/,
  ],
  ['an HPA that every deploy undoes', go, 'spec.replicas', 2, /its target says replicas: 2/],
  [
    'a policy for nobody',
    'NetworkPolicy.observability.loki',
    'spec.podSelector',
    { matchLabels: { app: 'loki' } },
    /^NetworkPolicy\.observability\.loki: its podSelector .* selects no pod/,
  ],
  [
    'a policy that lets nobody in',
    'NetworkPolicy.observability.tempo',
    'spec.ingress.0.from.0.namespaceSelector',
    undefined,
    /the peer .*collector.* is no pod of these manifests/,
  ],
  [
    'a policy for the Service port',
    'NetworkPolicy.apps.frontend',
    'spec.egress.0.ports.0.port',
    80,
    /it allows the port 80, which no container of those pods has/,
  ],
  [
    'a ConfigMap that is not there',
    frontend,
    `${pod}.volumes.runbooks.configMap.name`,
    'runbook',
    /^Deployment\.apps\.frontend: its pods need the ConfigMap runbook/,
  ],
  [
    'a claim that is not there',
    collector,
    `${pod}.volumes.state.persistentVolumeClaim.claimName`,
    'x',
    /need the PersistentVolumeClaim x/,
  ],
  [
    'an account that is not there',
    'Deployment.ingress.traefik',
    `${pod}.serviceAccountName`,
    'trafik',
    /need the ServiceAccount trafik/,
  ],
  [
    'a binding to no role',
    'RoleBinding.apps.collector',
    'roleRef.name',
    'pods',
    /it gives the Role pods, which does not exist/,
  ],
  [
    'a binding for nobody',
    'RoleBinding.apps.collector',
    'subjects.0.namespace',
    'observability',
    /it names the ServiceAccount observability\/collector/,
  ],
  [
    'an API that nobody serves',
    'APIService.v1beta1.metrics.k8s.io',
    'spec.service.name',
    'metrics',
    /it is served by the Service kube-system\/metrics/,
  ],
  [
    'no CPU request',
    frontend,
    `${pod}.containers.0.resources.requests.cpu`,
    undefined,
    /the container frontend has no CPU request/,
  ],
  [
    'no memory request',
    frontend,
    `${pod}.containers.0.resources.requests.memory`,
    undefined,
    /the container frontend has no memory request/,
  ],
  [
    'no memory limit',
    frontend,
    `${pod}.containers.0.resources.limits`,
    undefined,
    /the container frontend has no memory limit/,
  ],
  [
    'a writable root',
    frontend,
    `${pod}.containers.0.securityContext.readOnlyRootFilesystem`,
    undefined,
    /a writable root file system/,
  ],
  ['no readiness', frontend, `${pod}.containers.0.readinessProbe`, undefined, /no readiness probe/],
  [
    'a token for nothing',
    frontend,
    `${pod}.automountServiceAccountToken`,
    undefined,
    /get a token without saying what for/,
  ],
  ['service links', frontend, `${pod}.enableServiceLinks`, undefined, /a variable for every Service/],
  [
    'an image that is not pinned',
    'Deployment.observability.loki',
    `${pod}.containers.0.image`,
    'grafana/loki:3.7',
    /expected grafana\/loki:3\.7\.8; seen grafana\/loki:3\.7$/,
  ],
])('%s is named', (_, name, path, value, says) => {
  const problems = written(changed(objects, name, path, value))
  expect(
    problems.some((problem) => says.test(problem)),
    problems.join('\n'),
  ).toBe(true)
})
