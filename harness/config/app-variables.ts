import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { SignalproofError } from '../core/signalproof-error.ts'
import type { SignalproofConfig } from './config-schema.ts'
import { type Document, type DocumentMap, getAtPath, isMap } from './document-path.ts'
import type { LoadedConfig } from './load-config.ts'
import { containersOf, type ManifestObject, objectName, podTemplateOf } from './manifest-object.ts'
import { readYamlFile } from './yaml-file.ts'

/**
 * The environment of each app, as far as it is the same wherever the app runs: what its manifest tells OpenTelemetry's SDK.
 * Addresses, folders and tokens are each environment's own.
 */

/** By app, then by the variable's name. */
export type AppVariables = Readonly<Record<string, Readonly<Record<string, string>>>>

const isShared = (name: string): boolean => name.startsWith('OTEL_')

/**
 * Reads them from the Deployment of each app; an app without one has no variables.
 * @throws SignalproofError CONFIG_UNREADABLE
 */
export function readAppVariables({
  config: { apps, sources },
  root,
}: Pick<LoadedConfig, 'root'> & {
  readonly config: Pick<SignalproofConfig, 'apps' | 'sources'>
}): AppVariables {
  return Object.fromEntries(
    apps.map(({ name }) => {
      const file = join(root, sources.manifests, 'apps', name, 'deployment.yaml')
      return [name, existsSync(file) ? sharedVariables(readYamlFile(file), name) : {}]
    }),
  )
}

function sharedVariables(deployment: Document, app: string): Record<string, string> {
  const variables = getAtPath(deployment, `spec.template.spec.containers.${app}.env`)
  const stated = Array.isArray(variables) ? (variables as Partial<EnvironmentVariable>[]) : []
  return Object.fromEntries(
    stated.flatMap(({ name = '', value }) => (isShared(name) && value !== undefined ? [[name, value]] : [])),
  )
}

interface EnvironmentVariable {
  name: string
  value?: string
}

/** A copy with what the kubelet would put in the place of `$(POD_NAME)` and `$(POD_NAMESPACE)`. */
export function inPods(variables: AppVariables, podOf: (app: string) => Pod): AppVariables {
  return Object.fromEntries(
    Object.entries(variables).map(([app, ofApp]) => {
      const { pod, namespace } = podOf(app)
      const placed = Object.entries(ofApp).map(([name, value]) => [
        name,
        value.replaceAll('$(POD_NAME)', pod).replaceAll('$(POD_NAMESPACE)', namespace),
      ])
      return [app, Object.fromEntries(placed)]
    }),
  )
}

interface Pod {
  readonly pod: string
  readonly namespace: string
}

/**
 * The document after `--set`, as processes are given it: texts, and none of a variable without a value.
 * @throws SignalproofError CONFIG_INVALID for a value that no variable can have
 */
export function appVariablesOf(document: Document): AppVariables {
  return Object.fromEntries(
    Object.entries(document as DocumentMap).map(([app, ofApp]) => [app, textsOf(app, ofApp)]),
  )
}

function textsOf(app: string, variables: Document): Record<string, string> {
  if (!isMap(variables)) throw noVariable(`apps: ${app}`, 'the variables of the app', variables)
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => {
      if (value === null) return []
      if (typeof value === 'object') throw noVariable(`apps: ${app}.${name}`, 'a text or a number', value)
      return [[name, String(value)]]
    }),
  )
}

function noVariable(where: string, expected: string, seen: unknown): SignalproofError {
  return new SignalproofError('CONFIG_INVALID', {
    expected,
    seen: JSON.stringify(seen) ?? 'nothing',
    where,
    remedy:
      'write it like --set apps:frontend.OTEL_PROPAGATORS=none; without a value the variable is not set',
  })
}

/**
 * Puts the variables into the Deployments of the apps, in place: a variable that is there gets the value, another one is
 * added, and one that has none any more is taken out.
 * @throws SignalproofError CONFIG_INVALID for an app with variables that no Deployment carries
 */
export function putAppVariables(objects: readonly ManifestObject[], document: Document): void {
  for (const [app, variables] of Object.entries(appVariablesOf(document))) {
    const stated = (document as Record<string, DocumentMap>)[app] ?? {}
    const container = containerOf(objects, app)
    if (container !== undefined) container.env = merged(container.env ?? [], stated, variables)
    else if (Object.keys(stated).length > 0) throw notCarried(app, objects)
  }
}

function containerOf(objects: readonly ManifestObject[], app: string) {
  const deployment = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === app)
  const template = deployment && podTemplateOf(deployment)
  return template && containersOf(template).find(({ name }) => name === app)
}

function merged(
  before: readonly EnvironmentVariable[],
  stated: DocumentMap,
  variables: Readonly<Record<string, string>>,
): EnvironmentVariable[] {
  const kept = before.flatMap((variable): EnvironmentVariable[] => {
    const { name } = variable
    if (!Object.hasOwn(stated, name)) return [variable]
    return variables[name] === undefined ? [] : [{ name, value: variables[name] }]
  })
  const added = Object.entries(variables).filter(([name]) => !kept.some((variable) => variable.name === name))
  return [...kept, ...added.map(([name, value]) => ({ name, value }))]
}

const notCarried = (app: string, objects: readonly ManifestObject[]): SignalproofError =>
  new SignalproofError('CONFIG_INVALID', {
    expected: `a Deployment ${app} with a container of that name among the objects of manifests/`,
    seen:
      objects
        .filter(({ kind }) => kind === 'Deployment')
        .map(objectName)
        .join(', ') || 'no Deployment',
    where: 'apps',
    remedy: 'put it back, or take the app out of signalproof.config.ts',
  })
