import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { SignalproofError } from '../core/signalproof-error.ts'
import { isMap } from './document-path.ts'
import type { LoadedConfig } from './load-config.ts'
import { readYamlFile } from './yaml-file.ts'

/**
 * The stack's configuration as parsed documents, by the name that `--set` calls them. They come from the same files
 * that Kubernetes gets; everything after this works on the parsed values.
 */
export const documentNames = [
  'prometheus',
  'prometheus-flags',
  'metric-rules',
  'loki',
  'log-rules',
  'alertmanager',
  'collector',
  'traefik',
  'ingress',
  'targets',
  'fault-switch',
] as const

export type DocumentName = (typeof documentNames)[number]
export type StackDocuments = Record<DocumentName, unknown>

/** Reads all documents of a project. @throws SignalproofError CONFIG_UNREADABLE */
export function readStackDocuments({ config, root }: Pick<LoadedConfig, 'config' | 'root'>): StackDocuments {
  const manifest = (...path: string[]) => readYamlFile(join(root, config.sources.manifests, ...path))
  const alerts = join(root, config.sources.alerts)
  return {
    prometheus: manifest('prometheus', 'prometheus.yaml'),
    'prometheus-flags': manifest('prometheus', 'flags.yaml'),
    'metric-rules': readRuleFolder(join(alerts, 'metrics')),
    loki: manifest('loki', 'loki.yaml'),
    'log-rules': readRuleFolder(join(alerts, 'logs')),
    alertmanager: readYamlFile(join(alerts, 'alertmanager.yaml')),
    collector: manifest('collector', 'collector.yaml'),
    traefik: manifest('traefik', 'traefik.yaml'),
    ingress: manifest('ingress', 'ingress.yaml'),
    // Not a file: what discovery finds, by app; each environment has its own discovery.
    targets: {},
    // Not a file: what every fault that the harness asks for carries beside its own values.
    'fault-switch': { logged_status: null },
  }
}

/** All rule groups of a folder's files as one rule document, in the order of the file names. */
function readRuleFolder(folder: string): { groups: unknown[] } {
  if (!existsSync(folder)) return { groups: [] }
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml')
  return {
    groups: files.sort().flatMap((file) => {
      const document = readYamlFile(join(folder, file))
      return isMap(document) && Array.isArray(document.groups) ? document.groups : []
    }),
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
