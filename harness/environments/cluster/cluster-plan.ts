import type { ClusterSection } from '../../config/cluster-section.ts'
import { renderedDashboards, runbookLinks } from '../../config/dashboard-documents.ts'
import { getAtPath, isMap } from '../../config/document-path.ts'
import type { LoadedConfig } from '../../config/load-config.ts'
import { readStackDocuments } from '../../config/stack-documents.ts'
import { SignalproofError } from '../../core/signalproof-error.ts'
import type { RunningEnvironment } from '../contract.ts'
import { abilitiesOf } from './abilities.ts'
import type { Permission } from './kubernetes-reads.ts'
import { neededPermissions } from './permissions.ts'
import { type PlannedBackend, planBackends } from './planned-backends.ts'

/** What a run on somebody's cluster would do, known without asking it anything. */
export interface ClusterPlan extends Required<Pick<RunningEnvironment, 'capabilities' | 'lacks'>> {
  readonly section: ClusterSection
  readonly backends: readonly PlannedBackend[]
  readonly permissions: readonly Permission[]
}

/** @throws SignalproofError CONFIG_INVALID without a section `cluster`, CONFIG_UNREADABLE for a rule file */
export function planCluster(project: LoadedConfig): ClusterPlan {
  const section = sectionOf(project)
  const backends = planBackends({
    config: project.config,
    section,
    runbookPaths: runbookPathsOf(project),
  })
  return {
    section,
    backends,
    permissions: neededPermissions(section, project.config, backends),
    ...abilitiesOf(section),
  }
}

function sectionOf({ config }: Pick<LoadedConfig, 'config'>): ClusterSection {
  if (config.cluster !== undefined) return config.cluster
  throw new SignalproofError('CONFIG_INVALID', {
    expected: 'what is to be looked at: a context, and where Prometheus, Loki and Alertmanager are',
    seen: 'no `cluster`',
    where: 'signalproof.config.ts cluster',
    remedy:
      'state it as the README shows; `signalproof verify --env cluster --plan` then says what would be done',
  })
}

/** The paths of the runbooks that the project's own rules and dashboards link to. */
function runbookPathsOf(project: LoadedConfig): string[] {
  const documents = readStackDocuments(project)
  const rules = [documents['log-rules'], documents['metric-rules']].flatMap((document) =>
    ((getAtPath(document, 'groups') ?? []) as unknown[]).flatMap((group) =>
      isMap(group) ? ((group.rules ?? []) as unknown[]) : [],
    ),
  )
  const ofDashboards = runbookLinks(renderedDashboards(documents)).map(({ pathname }) => pathname)
  const ofRules = rules.flatMap((rule) => {
    const link = getAtPath(rule, 'annotations.runbook_url')
    return typeof link === 'string' && URL.canParse(link) ? [new URL(link).pathname] : []
  })
  return [...new Set([...ofRules, ...ofDashboards])]
}
