import { createHash } from 'node:crypto'
import { parse, stringify } from 'yaml'
import { configurationAnnotation } from '../config/configuration-checksum.ts'
import { isMap } from '../config/document-path.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { refOf } from '../kube/kube-object.ts'
import type { Cluster } from './cluster.ts'
import { type ConfigMap, nameOf, type Workload } from './cluster-objects.ts'

/** A rule that is added to a ConfigMap, rolled out as a deploy does it, and taken out again. */

export interface RuleFile {
  readonly configMap: ConfigMap
  readonly key: string
  readonly text: string
}

/** The file of mounted rules that raises one of these alerts, and the ConfigMaps that hold any rules. */
export function ruleFilesIn(configMaps: readonly ConfigMap[]): RuleFile[] {
  return configMaps.flatMap((configMap) =>
    Object.entries(configMap.data ?? {}).flatMap(([key, text]) =>
      /\.ya?ml$/.test(key) && groupsIn(text).length > 0 ? [{ configMap, key, text }] : [],
    ),
  )
}

function groupsIn(text: string): unknown[] {
  const document: unknown = parse(text, { logLevel: 'silent' })
  const groups = isMap(document) ? document.groups : undefined
  return Array.isArray(groups) ? groups.filter((group) => isMap(group) && Array.isArray(group.rules)) : []
}

/** The file with one more group, whose only alert never fires: both query languages know this expression. */
export function withGroup(text: string, alert: string, interval: string): string {
  const document = parse(text) as { groups: unknown[] }
  const group = { name: 'signalproof-rule-edit', interval, rules: [{ alert, expr: 'vector(1) < 0' }] }
  return stringify({ ...document, groups: [...document.groups, group] })
}

export interface RuleEdit {
  /** Puts the file and the annotation back as they were. */
  undo(): Promise<void>
}

/**
 * Adds a rule and rolls it out: the ConfigMap's new text, and the checksum in the pods' annotation.
 * @throws SignalproofError CLAIM_BROKEN where a deploy would not roll it out
 */
export async function addRule(
  { api }: Cluster,
  workload: Workload,
  { configMap, key, text }: RuleFile,
  alert: string,
  interval: string,
): Promise<RuleEdit> {
  const checksum = workload.spec.template.metadata?.annotations?.[configurationAnnotation]
  if (checksum === undefined) {
    throw new SignalproofError('CLAIM_BROKEN', {
      expected: `the annotation ${configurationAnnotation} on the pods of ${nameOf(workload)}`,
      seen: 'none, so that an edited rule would never be read',
      remedy: 'a deploy writes it: look at how the manifests are rendered',
    })
  }
  const write = async (content: string, sum: string) => {
    await api.patch(refOf(configMap), { data: { [key]: content } })
    await api.patch(refOf(workload), {
      spec: { template: { metadata: { annotations: { [configurationAnnotation]: sum } } } },
    })
  }
  const edited = withGroup(text, alert, interval)
  await write(edited, createHash('sha256').update(edited).digest('hex').slice(0, checksum.length))
  return { undo: () => write(text, checksum) }
}
