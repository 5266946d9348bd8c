import { basename } from 'node:path'
import { stringify } from 'yaml'
import type { LoadedConfig } from '../../config/load-config.ts'
import { SignalproofError } from '../../core/signalproof-error.ts'
import { runnersOf } from '../load-request.ts'
import { loadRoutes } from '../load-routes.ts'
import {
  filesObject,
  jobObject,
  type LoadOnKubernetes,
  loadNamespace,
  namespaceObject,
  testRunObject,
} from './load-objects.ts'
import { workloadFiles } from './workload-files.ts'

export const renderForms = ['job', 'testrun'] as const
export type RenderForm = (typeof renderForms)[number]

export interface RenderLoadRequest {
  readonly as: RenderForm
  readonly project: Pick<LoadedConfig, 'config'>
  /** The whole path of the script, as workloadScript finds it. */
  readonly script: string
  /** The highest rate, requests a second over all routes and runners. */
  readonly ratePerSecond: number
  readonly durationMs: number
  /** How many runners share the rate; a Job has one. */
  readonly parallelism?: number | undefined
  readonly runId: string
}

/**
 * A load as YAML for `kubectl apply`, with what it would do above it. Nothing is run.
 * @throws SignalproofError CONFIG_INVALID where it is not known how the ingress is reached inside the cluster,
 *   USAGE_BAD_VALUE for runners that cannot share the rate
 */
export function renderLoad(request: RenderLoadRequest): string {
  const { as, parallelism, ratePerSecond } = request
  const runners = runnersOf(as, parallelism, ratePerSecond)
  const load = loadOnKubernetes(request)
  const runs = as === 'job' ? jobObject(load) : testRunObject(load, runners)
  const objects = [namespaceObject(), filesObject(load), runs]
  return `${planOf(request, load, runners)}${objects.map((object) => `---\n${stringify(object, { lineWidth: 0 })}`).join('')}`
}

/** The workload as pods of a cluster make it. @throws SignalproofError CONFIG_INVALID */
export function loadOnKubernetes({
  project: { config },
  script,
  ratePerSecond,
  durationMs,
  runId,
}: Omit<RenderLoadRequest, 'as' | 'parallelism'>): LoadOnKubernetes {
  return {
    script,
    files: workloadFiles(script),
    url: ingressInside(config),
    host: config.ingress.host,
    routes: loadRoutes(config),
    ratePerSecond,
    durationMs,
    runId,
  }
}

/** The ingress as pods reach it. */
function ingressInside({ cluster }: LoadedConfig['config']): string {
  const { service, url } = cluster?.ingress ?? {}
  if (service !== undefined) return `http://${service.name}.${service.namespace}:${service.port}`
  if (url !== undefined) return url
  throw new SignalproofError('CONFIG_INVALID', {
    expected: 'the Service of the ingress, or its URL: a load inside the cluster goes there',
    seen: 'none',
    where: 'signalproof.config.ts cluster.ingress',
    remedy: 'state `ingress: { service: { namespace, name, port } }`',
  })
}

function planOf(
  { as, ratePerSecond, durationMs }: RenderLoadRequest,
  { script, url, host, routes, files }: LoadOnKubernetes,
  runners: number,
): string {
  const seconds = durationMs / 1000
  const each =
    runners === 1 ? '' : `, shared by ${runners} runners, ${writeRate(ratePerSecond / runners)} each`
  const lines = [
    `The workload ${basename(script, '.ts')} as a ${as === 'job' ? 'Job' : 'TestRun of k6-operator'}: what it would do.`,
    `- ${writeRate(ratePerSecond)} at most${each}, for ${seconds} s: ${Math.round(ratePerSecond * seconds)} requests at most`,
    `- to ${url} as ${host}: ${routes.map(({ method, path }) => `${method} ${path}`).join(', ')}`,
    `- it makes the namespace ${loadNamespace}, a ConfigMap of ${files.length} files and ${as === 'job' ? 'one Job' : 'one TestRun; its operator makes the rest'}`,
    ...(as === 'job'
      ? []
      : [
          '- it takes the operator: `kubectl get crd testruns.k6.io` says whether it is there, `kubectl apply --dry-run=server` checks this file against it',
        ]),
    `- the figures are the last lines of each log: kubectl -n ${loadNamespace} logs -l ${as === 'job' ? 'app.kubernetes.io/name=k6' : 'runner=true'} --tail=-1`,
    `- to end it: kubectl delete namespace ${loadNamespace}`,
  ]
  return lines.map((line) => `# ${line}\n`).join('')
}

const writeRate = (rate: number): string => `${Number(rate.toFixed(2))} requests a second`
