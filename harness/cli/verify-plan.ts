import { join } from 'node:path'
import { type ClaimSelection, planClaims, readScenarioFiles } from '../claims/claim-plan.ts'
import type { SignalproofConfig } from '../config/config-schema.ts'
import type { LoadedConfig } from '../config/load-config.ts'
import type { ClusterPlan } from '../environments/cluster/cluster-plan.ts'
import { writePermission } from '../environments/cluster/permissions.ts'
import { apiPathOf, type PlannedBackend } from '../environments/cluster/planned-backends.ts'
import type { ClusterPlanReport, PlannedChange } from '../report/cluster-plan-text.ts'

/** `verify --env cluster --plan`: put together from the configuration and the table of claims alone. */

export interface PlanRequest extends ClaimSelection {
  readonly project: LoadedConfig
  readonly plan: ClusterPlan
  /** What `--context` says. */
  readonly context: string | undefined
}

export function reportPlan({ project, plan, context, ...selection }: PlanRequest): ClusterPlanReport {
  const { section, backends, permissions, capabilities, lacks } = plan
  const scenarios = readScenarioFiles(join(project.root, 'scenarios'))
  const claims = planClaims({ kind: 'cluster', capabilities, lacks }, scenarios, selection)
  return {
    environment: 'cluster',
    context: context ?? section.context,
    kubeconfig: section.kubeconfig ?? 'of KUBECONFIG or ~/.kube/config',
    profile: section.profile,
    allow: section.allow,
    namespaces: section.namespaces,
    claims,
    unlisted: scenarios.filter(({ ownRows }) => ownRows > 0).map(({ path }) => join('scenarios', path)),
    changes: [
      ...traffic(project.config, plan),
      ...claims.flatMap(({ id, changes }) =>
        changes === undefined ? [] : [{ what: changes, claims: [id] }],
      ),
    ],
    requests: backends.map((backend) => ({
      backend: backend.name,
      place: placeOf(backend),
      at: addressOf(backend),
      calls: backend.calls,
    })),
    permissions: permissions.map(writePermission),
  }
}

/** What goes on for the whole run, whichever claim looks. */
function traffic({ apps, traffic }: SignalproofConfig, { section }: ClusterPlan): PlannedChange[] {
  if (!section.allow.includes('traffic')) return []
  const names = apps.filter(({ faultRoute }) => faultRoute !== undefined).map(({ name }) => name)
  return names.length === 0
    ? []
    : [
        {
          what: `${traffic.perAppPerSecond} requests a second to each of ${names.join(', ')}, to the end`,
          claims: [],
        },
      ]
}

function placeOf({ route }: PlannedBackend): string {
  switch (route.kind) {
    case 'api-server':
      return 'the API server itself'
    case 'service':
      return `Service ${route.service.namespace}/${route.service.name}, through the API server`
    case 'pod':
      return `a pod of ${route.app} in ${route.namespace}, through the API server`
    case 'port-forward':
      return `port ${route.port} of a pod of ${route.app} in ${route.namespace}, forwarded by the API server`
    case 'url':
      return 'its address'
  }
}

const addressOf = ({ route }: PlannedBackend): string =>
  route.kind === 'url' ? route.url : apiPathOf(route, (app) => `{pod of ${app}}`) || '/'
