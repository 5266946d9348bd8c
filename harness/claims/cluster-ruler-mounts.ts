import { getAtPath } from '../config/document-path.ts'
import { type Container, nameOf, type Volume, type VolumeMount, type Workload } from './cluster-objects.ts'

/**
 * Loki's ruler reads three places that look alike and must not be one: its configuration, the rules (one folder a
 * tenant) and the scratch folder, which it empties when it starts.
 */

/** The tenant of a Loki without authentication. */
const onlyTenant = 'fake'

/** What is wrong with the mounts of a Loki, in words, given the names of the ConfigMaps that hold rules. */
export function wrongRulerMounts(
  workload: Workload,
  configuration: unknown,
  ruleConfigMaps: readonly string[],
): string[] {
  const { containers, volumes = [] } = workload.spec.template.spec
  const [loki] = containers
  const rulesFolder = getAtPath(configuration, 'ruler.storage.local.directory')
  const scratchFolder = getAtPath(configuration, 'ruler.rule_path')
  if (loki === undefined || typeof rulesFolder !== 'string' || typeof scratchFolder !== 'string')
    return [
      `${nameOf(workload)} has no container, or its configuration no ruler.storage.local.directory and rule_path`,
    ]
  if (ruleConfigMaps.length === 0) return [`${nameOf(workload)} mounts no ConfigMap with rules`]
  const tenantFolder = `${trimmed(rulesFolder)}/${onlyTenant}`
  return [
    ...ruleConfigMaps.flatMap((name) => wrongRules(name, tenantFolder, loki, volumes)),
    ...wrongScratch(scratchFolder, rulesFolder, loki, volumes),
    ...wrongConfiguration(rulesFolder, loki, volumes),
  ].map((words) => `${nameOf(workload)}: ${words}`)
}

function wrongRules(
  configMap: string,
  tenantFolder: string,
  loki: Container,
  volumes: readonly Volume[],
): string[] {
  const mounts = mountsOf(configMap, loki, volumes)
  if (mounts.length === 0) return [`ConfigMap ${configMap}, which holds rules, is not mounted`]
  return mounts.flatMap(({ mountPath, readOnly }) => {
    const path = trimmed(mountPath)
    if (path !== tenantFolder && !path.startsWith(`${tenantFolder}/`)) {
      const higher = tenantFolder.startsWith(`${path}/`) ? ', one level too high' : ''
      return [
        `ConfigMap ${configMap} is mounted at ${mountPath}${higher}: the ruler reads the rules of its one tenant from ${tenantFolder}`,
      ]
    }
    return readOnly === true ? [] : [`the rules at ${mountPath} may be written to`]
  })
}

/** The ruler empties its scratch folder when it starts, so it has to be writable and none of the others. */
function wrongScratch(scratch: string, rules: string, loki: Container, volumes: readonly Volume[]): string[] {
  const mount = mountAround(scratch, loki)
  if (mount === undefined)
    return [`rule_path ${scratch} is on no volume, and the root file system is read-only`]
  if (isWithin(scratch, rules)) return [`rule_path ${scratch} lies in the folder of the rules, ${rules}`]
  const volume = volumes.find(({ name }) => name === mount.name)
  if (mount.readOnly === true || volume?.configMap !== undefined)
    return [`rule_path ${scratch} is on ${mount.mountPath}, which cannot be written to`]
  return []
}

function wrongConfiguration(rules: string, loki: Container, volumes: readonly Volume[]): string[] {
  const file = (loki.args ?? []).flatMap((arg) => /^-{1,2}config\.file=(.+)$/.exec(arg)?.[1] ?? [])[0]
  if (file === undefined) return ['no argument names its config.file']
  const mount = mountAround(file, loki)
  if (mount === undefined) return [`config.file ${file} is on no volume`]
  if (isWithin(mount.mountPath, rules))
    return [`config.file ${file} lies in the folder of the rules, ${rules}`]
  const volume = volumes.find(({ name }) => name === mount.name)
  return volume?.configMap === undefined ? [`config.file ${file} comes from no ConfigMap`] : []
}

function mountsOf(
  configMap: string,
  { volumeMounts = [] }: Container,
  volumes: readonly Volume[],
): VolumeMount[] {
  const names = volumes.flatMap((volume) => (volume.configMap?.name === configMap ? [volume.name] : []))
  return volumeMounts.filter(({ name }) => names.includes(name))
}

/** The innermost mount that a path lies on. */
const mountAround = (path: string, { volumeMounts = [] }: Container): VolumeMount | undefined =>
  volumeMounts
    .filter(({ mountPath }) => isWithin(path, mountPath))
    .toSorted((a, b) => b.mountPath.length - a.mountPath.length)[0]

const isWithin = (path: string, folder: string): boolean =>
  trimmed(path) === trimmed(folder) || trimmed(path).startsWith(`${trimmed(folder)}/`)

const trimmed = (path: string): string => path.replace(/\/+$/, '')
