import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import { type EnvironmentKind, environmentKinds } from './environments/contract.ts'
import { loadVariable } from './load/load-request.ts'

export interface ScenarioFiles {
  /** Claims that hold wherever the stack runs. */
  readonly everywhere?: readonly string[]
  /** Claims that only a cluster has. */
  readonly onKubernetes?: readonly string[]
  /** Claims about a load: they exist only where one is asked for. */
  readonly underLoad?: readonly string[]
  readonly underLoadOnKubernetes?: readonly string[]
}

/** The Vitest project in which tests are claims about one environment; it has the environment's name. */
export function scenarioProject(
  environment: EnvironmentKind = 'process',
  {
    everywhere = ['scenarios/**/!(*.cluster|*.load).test.ts'],
    onKubernetes = ['scenarios/**/!(*.load).cluster.test.ts'],
    underLoad = ['scenarios/**/*.load.test.ts'],
    underLoadOnKubernetes = ['scenarios/**/*.load.cluster.test.ts'],
  }: ScenarioFiles = {},
  variables: NodeJS.ProcessEnv = process.env,
): TestProjectInlineConfiguration {
  const isLoaded = variables[loadVariable] !== undefined
  const isCluster = environment !== 'process'
  const beside = (name: string) =>
    fileURLToPath(new URL(`./${name}${extname(fileURLToPath(import.meta.url))}`, import.meta.url))
  return {
    test: {
      name: environment,
      include: [
        ...everywhere,
        ...(isCluster ? onKubernetes : []),
        ...(isLoaded ? underLoad : []),
        ...(isLoaded && isCluster ? underLoadOnKubernetes : []),
      ],
      globalSetup: [beside('global-setup')],
      setupFiles: [beside('worker-setup')],
      // One worker whose files share the run; a thread, so that it cannot outlive the process.
      pool: 'threads',
      isolate: false,
      fileParallelism: false,
      // Every wait inside a claim has a deadline of its own, computed from the configuration.
      testTimeout: 0,
      hookTimeout: 0,
      retry: 0,
    },
  }
}

/**
 * The scenario project that this run of Vitest is about: processes, unless SIGNALPROOF_ENV or `--project` names a cluster.
 * One run has one environment; a project that is not named would start one of its own.
 */
export function scenarioProjects(
  files: ScenarioFiles = {},
  variables: NodeJS.ProcessEnv = process.env,
  commandLine: readonly string[] = process.argv,
): TestProjectInlineConfiguration[] {
  const named = environmentKinds.find(
    (kind) => variables.SIGNALPROOF_ENV === kind || namesProject(commandLine, kind),
  )
  return [scenarioProject(named ?? 'process', files, variables)]
}

const namesProject = (commandLine: readonly string[], project: string): boolean =>
  commandLine.some(
    (word, index) =>
      word === `--project=${project}` || (word === '--project' && commandLine[index + 1] === project),
  )
