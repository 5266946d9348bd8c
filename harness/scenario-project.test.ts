import { matchesGlob } from 'node:path'
import { expect, test } from 'vitest'
import { scenarioProjects } from './scenario-project.ts'

const named = (variables: NodeJS.ProcessEnv, ...commandLine: string[]) =>
  scenarioProjects({}, variables, commandLine).map(({ test: project }) => project?.name)

test('processes, unless a cluster is named', () => {
  expect(named({}, 'vitest', 'run', 'scenarios')).toEqual(['process'])
  expect(named({}, 'vitest', 'run', '--project', 'k3s')).toEqual(['k3s'])
  expect(named({}, 'vitest', 'run', '--project=cluster')).toEqual(['cluster'])
  expect(named({ SIGNALPROOF_ENV: 'k3s' }, 'vitest', 'run')).toEqual(['k3s'])
  expect(named({}, 'vitest', 'run', '--project', 'unit')).toEqual(['process'])
})

/** Which of some files a project takes, as Vitest selects them. */
const taken = (variables: NodeJS.ProcessEnv) => {
  const include = scenarioProjects({}, variables, [])[0]?.test?.include ?? []
  return ['a', 'a.cluster', 'a.load', 'a.load.cluster'].filter((name) =>
    include.some((pattern) => matchesGlob(`scenarios/logs/${name}.test.ts`, pattern)),
  )
}

test.each([
  [{}, ['a']],
  [{ SIGNALPROOF_ENV: 'k3s' }, ['a', 'a.cluster']],
  [{ SIGNALPROOF_LOAD: '{}' }, ['a', 'a.load']],
  [{ SIGNALPROOF_LOAD: '{}', SIGNALPROOF_ENV: 'k3s' }, ['a', 'a.cluster', 'a.load', 'a.load.cluster']],
])(
  'with %j a run looks at %j: claims of a cluster only there, claims of a load only under one',
  (variables, files) => {
    expect(taken(variables)).toEqual(files)
  },
)
