import { getAtPath, isMap } from '../../config/document-path.ts'
import { parseDurationMs } from '../../core/prometheus-duration.ts'
import { referencesIn } from '../datasource-references.ts'
import { type Finding, findingAt, type Said } from './finding.ts'
import { intervalsByJob } from './known-signals.ts'
import type { LintedDatasource } from './lint-surroundings.ts'

/** Grafana's provisioning against the stack that it shows: addresses, intervals, and that every dashboard is handed over. */

export interface Provisioning {
  /** From the root of the project. */
  readonly folder: string
  /** datasources.yaml and dashboards.yaml of provisioning/. */
  readonly datasources: unknown
  readonly providers: unknown
  /** kustomization.yaml of the dashboards. */
  readonly kustomization: unknown
  /** File names of the dashboards, without a folder. */
  readonly dashboardFiles: readonly string[]
  /** prometheus.yaml. */
  readonly prometheus: unknown
  /** `name.namespace:port` of every Service of the manifests. */
  readonly services: readonly string[]
  /** Where Grafana's pod has the dashboards. */
  readonly mountedAt: string | undefined
}

export const datasourcesIn = (document: unknown): LintedDatasource[] =>
  listAt(document, 'datasources').map((entry) => {
    const interval = getAtPath(entry, 'jsonData.timeInterval')
    const ms = typeof interval === 'string' ? parseDurationMs(interval) : null
    return {
      uid: String(entry.uid),
      type: String(entry.type),
      ...(ms === null ? {} : { timeIntervalMs: ms }),
    }
  })

export function lintProvisioning(given: Provisioning): Finding[] {
  return [...datasources(given), ...providers(given), ...handedOver(given)]
}

function datasources({ folder, datasources: document, prometheus, services }: Provisioning): Finding[] {
  const file = `${folder}/grafana/provisioning/datasources.yaml`
  const findings: Finding[] = []
  const add = (path: string, said: Said) => findings.push(findingAt('provisioning', { file, path }, said))
  const entries = listAt(document, 'datasources')
  const known = entries.map(({ uid }) => String(uid))
  if (getAtPath(document, 'prune') !== true)
    add('prune', {
      expected: 'true, so that what is taken out of the file is taken out of Grafana',
      seen: String(getAtPath(document, 'prune')),
      remedy: 'write prune: true',
    })
  entries.forEach((entry, index) => {
    const at = (path: string) => `datasources[${index}].${path}`
    if (typeof entry.uid !== 'string' || known.indexOf(entry.uid) !== index)
      add(at('uid'), {
        expected: 'a uid that no other datasource has',
        seen: String(entry.uid),
        remedy: 'give it one: dashboards call it by that name',
      })
    if (entry.editable !== false)
      add(at('editable'), {
        expected: 'false: what is changed by a click is gone at the next start',
        seen: String(entry.editable),
        remedy: 'write editable: false',
      })
    const address = String(entry.url).replace(/^https?:\/\//, '')
    if (!services.includes(address))
      add(at('url'), {
        expected: `a Service of manifests/: ${services.filter((name) => name.startsWith(String(entry.type))).join(', ') || services.join(', ')}`,
        seen: String(entry.url),
        remedy: 'correct the address',
      })
    if (entry.type === 'prometheus') {
      const interval = getAtPath(entry, 'jsonData.timeInterval')
      const appsMs = intervalsByJob(prometheus).get('apps')
      if (typeof interval !== 'string' || parseDurationMs(interval) !== appsMs)
        add(at('jsonData.timeInterval'), {
          expected: `the scrape interval of the apps, ${(appsMs ?? 0) / 1000} s`,
          seen: String(interval),
          remedy: 'write what manifests/prometheus/prometheus.yaml has: $__rate_interval is made from it',
        })
    }
    for (const { path, uid } of referencesIn(entry.jsonData, 'jsonData')) {
      if (!known.includes(uid))
        add(at(path), {
          expected: `a datasource of the file: ${known.join(', ')}`,
          seen: uid,
          remedy: 'correct the uid: the link would lead nowhere',
        })
    }
  })
  if (entries.length === 0)
    add('datasources', { expected: 'datasources', seen: 'none', remedy: 'list those that dashboards name' })
  return findings
}

function providers({ folder, providers: document, mountedAt }: Provisioning): Finding[] {
  const file = `${folder}/grafana/provisioning/dashboards.yaml`
  return listAt(document, 'providers').flatMap((provider, index) => {
    const wrong = (path: string, expected: unknown) =>
      getAtPath(provider, path) === expected
        ? []
        : [
            findingAt(
              'provisioning',
              { file, path: `providers[${index}].${path}` },
              {
                expected: String(expected),
                seen: String(getAtPath(provider, path)),
                remedy: 'dashboards come from files only, and from where the pod has them',
              },
            ),
          ]
    return [
      ...wrong('type', 'file'),
      ...wrong('allowUiUpdates', false),
      ...wrong('disableDeletion', true),
      ...wrong('options.path', mountedAt),
    ]
  })
}

/** A dashboard that no ConfigMap holds is one that nobody sees; a file that is gone breaks the whole of it. */
function handedOver({ folder, kustomization, dashboardFiles }: Provisioning): Finding[] {
  const file = `${folder}/kustomization.yaml`
  const maps = listAt(kustomization, 'configMapGenerator')
  const index = maps.findIndex(({ name }) => name === 'grafana-dashboards')
  const listed = (maps[index]?.files ?? []) as string[]
  const names = listed.map((path) => path.replace(/^grafana\//, ''))
  const place = { file, path: `configMapGenerator[${index}].files` }
  return [
    ...dashboardFiles
      .filter((name) => !names.includes(name))
      .map((name) =>
        findingAt('provisioning', place, {
          expected: `grafana/${name} among them`,
          seen: listed.join(', ') || 'none',
          remedy: 'list the file: Grafana gets no other',
        }),
      ),
    ...names
      .filter((name) => !dashboardFiles.includes(name))
      .map((name) =>
        findingAt('provisioning', place, {
          expected: 'files that are there',
          seen: `grafana/${name}`,
          remedy: 'take it out of the list',
        }),
      ),
  ]
}

function listAt(document: unknown, key: string): Record<string, unknown>[] {
  const list = getAtPath(document, key)
  return Array.isArray(list) ? list.filter(isMap) : []
}
