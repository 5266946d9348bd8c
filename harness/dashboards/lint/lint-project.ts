import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { getAtPath, isMap } from '../../config/document-path.ts'
import { type LoadedConfig, loadConfig } from '../../config/load-config.ts'
import { readPlacedDocuments } from '../../config/placed-yaml.ts'
import { readStackDocuments } from '../../config/stack-documents.ts'
import { readYamlFile } from '../../config/yaml-file.ts'
import { yamlFilesIn } from '../../config/yaml-folder.ts'
import { describeThrown, SignalproofError } from '../../core/signalproof-error.ts'
import { type DashboardFile, readShape } from './dashboard-shape.ts'
import { type Finding, findingAt, writeFinding } from './finding.ts'
import { knownSignals } from './known-signals.ts'
import { lintAlertLinks } from './lint-alert-links.ts'
import { lintDashboards } from './lint-dashboards.ts'
import { withoutExceptions } from './lint-exceptions.ts'
import { datasourcesIn, lintProvisioning, type Provisioning } from './lint-provisioning.ts'
import type { LintSurroundings } from './lint-surroundings.ts'
import { stackSignals } from './signal-table.ts'

/** A project's dashboards against its own configuration, one line a finding. */

const folder = 'dashboards'

/** What apps write into a line beside the fields of the configuration. */
const otherLineFields = ['time', 'level', 'app', 'path', 'duration_seconds', 'trace_id', 'span_id']

export async function lintProject(from: string): Promise<string[]> {
  const project = await loadConfig(from)
  try {
    return lintFindings(project).map(writeFinding)
  } catch (thrown) {
    if (thrown instanceof SignalproofError) return [thrown.message]
    throw thrown
  }
}

/** @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID */
export function lintFindings(project: Pick<LoadedConfig, 'root' | 'config'>): Finding[] {
  const { files, unreadable } = dashboardFiles(project.root)
  const findings = [...unreadable, ...lintDashboards(files, surroundingsOf(project))]
  const dashboards = files.flatMap((file) => readShape(file).dashboard ?? [])
  return [
    ...withoutExceptions(findings),
    ...lintProvisioning(provisioningOf(project)),
    ...lintAlertLinks(ruleFilesOf(project), dashboards),
  ]
}

/** The dashboards of a project, in the order of their names; none where there is no folder of them. */
export function dashboardFiles(root: string): { files: DashboardFile[]; unreadable: Finding[] } {
  const names = dashboardNames(root)
  const files: DashboardFile[] = []
  const unreadable: Finding[] = []
  for (const name of names) {
    const file = `${folder}/grafana/${name}`
    try {
      files.push({ file, document: JSON.parse(readFileSync(join(root, file), 'utf8')) as unknown })
    } catch (thrown) {
      const said = { expected: 'JSON', seen: describeThrown(thrown), remedy: 'mend the file' }
      unreadable.push(findingAt('schema', { file, path: '' }, said))
    }
  }
  return { files, unreadable }
}

function dashboardNames(root: string): string[] {
  const path = join(root, folder, 'grafana')
  return existsSync(path)
    ? readdirSync(path)
        .filter((name) => name.endsWith('.json'))
        .sort()
    : []
}

function surroundingsOf({
  root,
  config,
}: Pick<LoadedConfig, 'root' | 'config'>): Omit<LintSurroundings, 'dashboards'> {
  const documents = readStackDocuments({ root, config })
  const slo = join(root, config.sources.alerts, 'slo')
  const rules = [documents['metric-rules'], ...(existsSync(slo) ? yamlFilesIn(slo).map(readYamlFile) : [])]
  return {
    signals: knownSignals({ config, prometheus: documents.prometheus, rules, stack: stackSignals() }),
    datasources: datasourcesIn(
      readYamlFile(join(root, folder, 'grafana', 'provisioning', 'datasources.yaml')),
    ),
    streamLabels: config.logs.streamLabels,
    lineFields: [...Object.values(config.logs.fields), ...otherLineFields],
    runbooks: readdirSync(join(root, config.sources.alerts, 'runbooks'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => name.replace(/\.md$/, '')),
  }
}

function ruleFilesOf({ root, config }: Pick<LoadedConfig, 'root' | 'config'>) {
  return ['metrics', 'logs', 'slo']
    .map((signal) => join(config.sources.alerts, signal))
    .filter((path) => existsSync(join(root, path)))
    .flatMap((path) => yamlFilesIn(join(root, path)))
    .map((file) => ({ file: relative(root, file), document: readYamlFile(file) }))
}

function provisioningOf({ root, config }: Pick<LoadedConfig, 'root' | 'config'>): Provisioning {
  const provisioning = (name: string) => readYamlFile(join(root, folder, 'grafana', 'provisioning', name))
  const manifests = join(root, config.sources.manifests)
  return {
    folder,
    datasources: provisioning('datasources.yaml'),
    providers: provisioning('dashboards.yaml'),
    kustomization: readYamlFile(join(root, folder, 'kustomization.yaml')),
    dashboardFiles: dashboardNames(root),
    prometheus: readYamlFile(join(manifests, 'prometheus', 'prometheus.yaml')),
    services: servicesIn(manifests),
    mountedAt: mountOf(readYamlFile(join(manifests, 'grafana', 'deployment.yaml')), 'dashboards'),
  }
}

function servicesIn(manifests: string): string[] {
  return readdirSync(manifests)
    .map((name) => join(manifests, name, 'service.yaml'))
    .filter((file) => existsSync(file))
    .flatMap((file) => readPlacedDocuments(file))
    .flatMap(({ value }) => {
      const [name, namespace] = ['metadata.name', 'metadata.namespace'].map((path) => getAtPath(value, path))
      const ports = getAtPath(value, 'spec.ports')
      return (Array.isArray(ports) ? ports : []).map(
        ({ port }: { port: number }) => `${name}.${namespace}:${port}`,
      )
    })
}

function mountOf(deployment: unknown, volume: string): string | undefined {
  const mounts = getAtPath(deployment, 'spec.template.spec.containers.grafana.volumeMounts')
  const mount = (Array.isArray(mounts) ? mounts : []).filter(isMap).find(({ name }) => name === volume)
  return mount === undefined ? undefined : String(mount.mountPath)
}
