import { z } from 'zod'
import { isProfileName, type ProfileName, profileNames } from '../config/config-schema.ts'
import { parseSetOption, type SetOption } from '../config/set-option.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import type { EnvironmentKind } from '../environments/contract.ts'
import { isKnownHome, knownHomes } from '../environments/homes.ts'
import { type AskedLoad, loadVariable, readAskedLoad } from '../load/load-request.ts'

/**
 * The options of a run, as environment variables: the command line sets them for its own process, and
 * `npx vitest` reads the same ones.
 */
export interface RunOptions {
  readonly environment: EnvironmentKind
  readonly profile: ProfileName
  readonly set: readonly SetOption[]
  /** The run's folder; below `.signalproof/runs` when not named. */
  readonly out: string | undefined
  /** Epoch ms at which the command began; vitest's own start when it was not started by us. */
  readonly startedAt: number
  readonly keep: boolean
  /** A context of the kubeconfig, instead of the one that signalproof.config.ts names. */
  readonly context: string | undefined
  /** What load is asked for; without it there is none. */
  readonly load?: AskedLoad | undefined
}

export const optionVariables = {
  profile: 'SIGNALPROOF_PROFILE',
  set: 'SIGNALPROOF_SET',
  out: 'SIGNALPROOF_OUT',
  startedAt: 'SIGNALPROOF_STARTED_AT',
  keep: 'SIGNALPROOF_KEEP',
  environment: 'SIGNALPROOF_ENV',
  context: 'SIGNALPROOF_CONTEXT',
  load: loadVariable,
} as const

/** @throws SignalproofError USAGE_BAD_VALUE, SET_PATH_UNKNOWN */
export function readRunOptions(variables: NodeJS.ProcessEnv): RunOptions {
  const profile = variables[optionVariables.profile] ?? 'fast'
  if (!isProfileName(profile))
    throw badValue('a time profile', profileNames, profile, `--profile or ${optionVariables.profile}`)
  const environment = variables[optionVariables.environment] ?? 'process'
  if (!isKnownHome(environment))
    throw badValue('an environment', knownHomes, environment, `--env or ${optionVariables.environment}`)
  return {
    environment,
    profile,
    set: readList(variables[optionVariables.set] ?? '[]').map(parseSetOption),
    out: variables[optionVariables.out],
    startedAt: Number(variables[optionVariables.startedAt] ?? performance.timeOrigin),
    keep: variables[optionVariables.keep] === '1',
    context: variables[optionVariables.context],
    load: readAskedLoad(variables[optionVariables.load]),
  }
}

/** The command line hands its `--set` options on as one JSON list. */
function readList(text: string): string[] {
  const list = z.array(z.string()).safeParse(parseJson(text))
  if (list.success) return list.data
  throw new SignalproofError('USAGE_BAD_VALUE', {
    expected: 'a JSON list of --set options',
    seen: text,
    where: optionVariables.set,
    remedy: `write it like ${optionVariables.set}='["alertmanager:route.group_wait=5s"]', or use --set`,
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function badValue(what: string, known: readonly string[], seen: string, where: string): SignalproofError {
  return new SignalproofError('USAGE_BAD_VALUE', {
    expected: `${what}: ${known.join(' or ')}`,
    seen,
    where,
    remedy: 'name one of these',
  })
}
