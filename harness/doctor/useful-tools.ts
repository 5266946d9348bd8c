import { availableParallelism, totalmem } from 'node:os'
import { stackAtRestMegabytes } from '../toolchain/install-costs.ts'
import { findProgram, isExecutableFile } from '../toolchain/program-path.ts'
import { setting } from '../toolchain/toolchain-settings.ts'
import type { Check } from './doctor-report.ts'
import type { Surroundings } from './surroundings.ts'

/** What `verify` does without, and what that costs. */

interface UsefulTool {
  readonly name: string
  readonly programs: readonly string[]
  /** An environment variable that names the program, before PATH is asked. */
  readonly variable?: string
  /** What it is there for. */
  readonly use: string
  /** What happens without it. */
  readonly without: string
  readonly remedy: string | null
}

const tools: readonly UsefulTool[] = [
  {
    name: 'make',
    programs: ['make'],
    use: 'for make verify',
    without: 'npm run verify does the same',
    remedy: 'npm ci && npm run verify, or install make',
  },
  {
    name: 'git',
    programs: ['git'],
    use: 'for the checks of this repository',
    without: 'make check cannot list its files',
    remedy: 'install git, to work on this repository',
  },
  {
    name: 'jq',
    programs: ['jq'],
    use: 'for the runbooks',
    without: 'the commands of the runbooks need it',
    remedy: 'install jq, to follow a runbook',
  },
  {
    name: 'Chromium',
    // As apps/frontend/test/chromium.ts finds it.
    programs: ['chromium', 'chromium-browser', 'google-chrome'],
    variable: 'CHROMIUM_PROGRAM',
    use: 'for tests in a browser',
    without: 'tests in a browser are skipped',
    remedy: 'install chromium, for tests in a browser',
  },
  {
    name: 'C compiler',
    programs: ['cc', 'gcc', 'clang'],
    use: 'not needed: Go compiles with CGO off, and Python gets wheels',
    without: 'not needed: Go compiles with CGO off, and Python gets wheels',
    remedy: null,
  },
]

export const checkUsefulTools = ({ environment }: Surroundings): Check[] =>
  tools.map((tool) => checkTool(tool, environment))

function checkTool(
  { name, programs, variable, use, without, remedy }: UsefulTool,
  environment: NodeJS.ProcessEnv,
): Check {
  const named = variable === undefined ? undefined : setting(environment, variable)
  if (named !== undefined && !isExecutableFile(named)) {
    const seen = `${variable}=${named} is no program; ${without}`
    return { name, area: 'useful', state: 'lacking', seen, remedy: `correct or unset ${variable}` }
  }
  const path = named ?? programs.map((program) => findProgram(program, environment)).find(Boolean)
  if (path !== undefined)
    return { name, area: 'useful', state: 'ready', seen: `${path}, ${use}`, remedy: null }
  const state = remedy === null ? 'ready' : 'lacking'
  return { name, area: 'useful', state, seen: `none on PATH; ${without}`, remedy }
}

const gigabytes = (megabytes: number) => `${(megabytes / 1000).toFixed(1)} GB`

export function checkMemory(
  freeMegabytes = process.availableMemory() / 1e6,
  totalMegabytes = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY) / 1e6,
): Check {
  const seen = `${gigabytes(freeMegabytes)} free of ${gigabytes(totalMegabytes)}, ${availableParallelism()} cores; the stack takes about ${gigabytes(stackAtRestMegabytes)}`
  const enough = freeMegabytes >= stackAtRestMegabytes
  return {
    name: 'memory',
    area: 'needed',
    state: enough ? 'ready' : 'lacking',
    seen,
    remedy: enough ? null : 'end other programs first, or deadlines will be missed for want of memory',
  }
}
