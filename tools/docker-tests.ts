import type { DockerDaemon, NoDaemon } from '../harness/environments/k3s/docker-daemon.ts'
import type { RunnerResult } from './test-runners.ts'

/** What of the tests needs a Docker daemon, and what is said where there is none. */

/** Set to `k3s`, what is not run for want of a daemon is a failure: a check that is left out passes on nothing. */
const requireVariable = 'SIGNALPROOF_REQUIRE'

export interface DockerTests {
  readonly run: boolean
  /** The line for the reader; undefined where everything is run. */
  readonly notRun?: string
  /** Counted as a failure. */
  readonly failure?: RunnerResult
}

/** @param names of what needs a daemon, in the order in which it would run */
export function judgeDocker(
  found: DockerDaemon | NoDaemon,
  environment: NodeJS.ProcessEnv,
  names: readonly string[],
): DockerTests {
  const failed = (problem: string): RunnerResult => ({
    name: names.join(', '),
    counts: { passed: 0, failed: 1, skipped: 0 },
    problems: [problem],
    failures: [],
  })
  const required = environment[requireVariable] ?? ''
  if (required !== '' && required !== 'k3s')
    return {
      run: false,
      failure: failed(`expected ${requireVariable} to be k3s or not set; seen ${JSON.stringify(required)}`),
    }
  if ('version' in found) return { run: true }
  const why = `${found.seen}; to run them: ${found.remedy}`
  return required === ''
    ? { run: false, notRun: `not run: ${names.join(', ')} (${why})` }
    : { run: false, failure: failed(`expected Docker, as ${requireVariable}=k3s asks; seen: ${why}`) }
}
