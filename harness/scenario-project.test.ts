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

test('claims of a cluster are looked at on clusters only', () => {
  const files = (environment?: 'k3s') =>
    scenarioProjects({}, environment === undefined ? {} : { SIGNALPROOF_ENV: environment }, [])[0]?.test
      ?.include
  expect(files('k3s')).toContain('scenarios/**/*.cluster.test.ts')
  expect(files()).not.toContain('scenarios/**/*.cluster.test.ts')
})
