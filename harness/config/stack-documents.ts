import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { SignalproofError } from '../core/signalproof-error.ts'
import { readAppVariables } from './app-variables.ts'
import { readDashboardDocuments } from './dashboard-documents.ts'
import { isMap } from './document-path.ts'
import type { LoadedConfig } from './load-config.ts'
import { readYamlFile } from './yaml-file.ts'
import { yamlFilesIn } from './yaml-folder.ts'

/**
 * The stack's configuration as parsed documents, by the name that `--set` calls them. They come from the same files
 * that Kubernetes gets; everything after this works on the parsed values.
 */
export const documentNames = [
  'prometheus',
  'prometheus-flags',
  'metric-rules',
  'slo-rules',
  'loki',
  'log-rules',
  'tempo',
  'alertmanager',
  'collector',
  'traefik',
  'ingress',
  'dashboards',
  'datasources',
  'apps',
  'targets',
  'fault-switch',
  'objects',
] as const

export type DocumentName = (typeof documentNames)[number]
export type StackDocuments = Record<DocumentName, unknown>

/** Reads all documents of a project. @throws SignalproofError CONFIG_UNREADABLE; CONFIG_INVALID for a rule file that would be left out */
export function readStackDocuments({ config, root }: Pick<LoadedConfig, 'config' | 'root'>): StackDocuments {
  const manifest = (...path: string[]) => readYamlFile(join(root, config.sources.manifests, ...path))
  const alerts = join(root, config.sources.alerts)
  return {
    ...readLogBackends({ config, root }),
    prometheus: manifest('prometheus', 'prometheus.yaml'),
    'prometheus-flags': manifest('prometheus', 'flags.yaml'),
    'metric-rules': readRuleFolder(join(alerts, 'metrics')),
    'slo-rules': recordingRulesIn(join(alerts, 'slo')),
    'log-rules': readRuleFolder(join(alerts, 'logs')),
    tempo: manifest('tempo', 'tempo.yaml'),
    collector: manifest('collector', 'collector.yaml'),
    traefik: manifest('traefik', 'traefik.yaml'),
    ingress: manifest('ingress', 'ingress.yaml'),
    // By uid, and Grafana's provisioning file.
    ...readDashboardDocuments({ config, root }),
    // Of several files: the environment of each app, by app.
    apps: readAppVariables({ config, root }),
    // Not a file: what discovery finds, by app; each environment has its own discovery.
    targets: {},
    // Not a file: what every fault that the harness asks for carries beside its own values.
    'fault-switch': { logged_status: null },
    // Not a file: on Kubernetes every object of the manifests, by kind, namespace and name.
    objects: {},
  }
}

/** What a log alert goes through, without any rule: a rule file that is broken must not stop those who need none. @throws SignalproofError CONFIG_UNREADABLE */
export function readLogBackends({
  config,
  root,
}: Pick<LoadedConfig, 'config' | 'root'>): Pick<StackDocuments, 'loki' | 'alertmanager'> {
  return {
    loki: readYamlFile(join(root, config.sources.manifests, 'loki', 'loki.yaml')),
    alertmanager: readYamlFile(join(root, config.sources.alerts, 'alertmanager.yaml')),
  }
}

/** All rule groups of a folder's files as one rule document, in the order of the file names. */
function readRuleFolder(folder: string): { groups: unknown[] } {
  return {
    groups: yamlFilesIn(folder).flatMap((file) => {
      const document = readYamlFile(file)
      return isMap(document) && Array.isArray(document.groups) ? document.groups : []
    }),
  }
}

/** How often what objectives record is made, where a group does not say: dashboards show it, and no alert waits for it. */
const recordedEvery = '30s'

/**
 * What the objectives' rules record, for the dashboards. Their alerts are left out: faults that are made on purpose would
 * spend the budgets, and `signalproof slo burn` proves these alerts by themselves.
 */
function recordingRulesIn(folder: string): { groups: unknown[] } {
  if (!existsSync(folder)) return { groups: [] }
  return {
    groups: readRuleFolder(folder)
      .groups.filter(isMap)
      .map((group) => ({
        interval: recordedEvery,
        ...group,
        rules: (Array.isArray(group.rules) ? group.rules : []).filter(
          (rule) => isMap(rule) && rule.record !== undefined,
        ),
      })),
  }
}

/** The alerts that the project's rule files raise, by signal. @throws SignalproofError CONFIG_INVALID where there are none */
export function alertsInGit(
  project: Pick<LoadedConfig, 'config' | 'root'>,
): Record<'logs' | 'metrics', string[]> {
  const alerts = join(project.root, project.config.sources.alerts)
  return { logs: alertNames(join(alerts, 'logs')), metrics: alertNames(join(alerts, 'metrics')) }
}

function alertNames(folder: string): string[] {
  const rules = readRuleFolder(folder).groups.flatMap((group) =>
    isMap(group) ? ((group.rules ?? []) as unknown[]) : [],
  )
  const names = rules.flatMap((rule) => (isMap(rule) && typeof rule.alert === 'string' ? [rule.alert] : []))
  if (names.length > 0) return names
  throw new SignalproofError('CONFIG_INVALID', {
    expected: 'at least one alert in the rule files of the folder',
    seen: 'none',
    where: folder,
    remedy: 'check `sources` in signalproof.config.ts',
  })
}
