import { z } from 'zod'
import type { SignalproofConfig } from '../config/config-schema.ts'
import { parseDurationMs } from '../core/prometheus-duration.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { workloadScript } from './k6/workload-scripts.ts'
import { type LoadFault, parseLoadFaults } from './load-fault.ts'

/**
 * What a load is asked for: the command line writes it into this variable as JSON, and `npx vitest` reads the same one.
 * Where it is not set there is no load, and no claim about one.
 */
export const loadVariable = 'SIGNALPROOF_LOAD'

/** Where the generator runs: on this machine, in a pod of the cluster, or in those of k6-operator. */
export const generatorForms = ['process', 'job', 'testrun'] as const
export type GeneratorForm = (typeof generatorForms)[number]

/** The request as a person writes it. */
const askedSchema = z.strictObject({
  workload: z.string().min(1).default('steady'),
  rate: z.union([z.number(), z.string()]).default(50),
  for: z.string().default('30s'),
  slo: z.array(z.string().min(1)).default([]),
  fault: z.array(z.string()).default([]),
  unproven: z.boolean().default(false),
  as: z.enum(generatorForms).default('process'),
  parallelism: z.number().optional(),
})

export type AskedLoad = z.input<typeof askedSchema>

/** The request as the run follows it: plain data, since it crosses into the test worker and is kept. */
export interface LoadRequest {
  /** As it was named: one of ours, or the path of a k6 script. */
  readonly workload: string
  /** The whole path of its script. */
  readonly script: string
  /** The highest rate of the workload, requests a second over all routes. */
  readonly ratePerSecond: number
  readonly durationMs: number
  /** Files of objectives, from the project's root or whole; none stands for all of load/slo/. */
  readonly slo: readonly string[]
  readonly faults: readonly LoadFault[]
  /** Whether figures are wanted although nobody knows that the signals are true. */
  readonly unproven: boolean
  readonly as: GeneratorForm
  /** How many generators share the rate. */
  readonly runners: number
}

const shortestMs = 1000
const longestMs = 24 * 3_600_000
const highestRate = 10_000

/** Reads the variable. @returns undefined where no load is asked for. @throws SignalproofError USAGE_BAD_VALUE */
export function readAskedLoad(text: string | undefined): AskedLoad | undefined {
  if (text === undefined) return undefined
  const asked = askedSchema.safeParse(parseJson(text))
  if (asked.success) return asked.data
  const [issue] = asked.error.issues
  throw new SignalproofError('USAGE_BAD_VALUE', {
    expected:
      'a JSON object with workload, rate, for, slo, fault and unproven, each of which may be left out',
    seen: text,
    where: `${loadVariable} ${issue?.path.join('.') ?? ''}`.trimEnd(),
    remedy: `write it like ${loadVariable}='{"workload":"ramp","rate":100,"for":"2m"}', or use signalproof load`,
  })
}

/**
 * The request with all that the project has to say about it.
 * @throws SignalproofError USAGE_BAD_VALUE, USAGE_UNKNOWN_NAME for a workload or an app that is not there
 */
export function loadRequest(
  asked: AskedLoad,
  { root, config }: { readonly root: string; readonly config: Pick<SignalproofConfig, 'apps'> },
): LoadRequest {
  const { workload, rate, for: duration, slo, fault, unproven, as, parallelism } = askedSchema.parse(asked)
  const ratePerSecond = rateOf(rate)
  const durationMs = durationOf(duration)
  return {
    workload,
    script: workloadScript(root, workload),
    ratePerSecond,
    durationMs,
    slo,
    faults: parseLoadFaults(fault, config.apps, durationMs),
    unproven,
    as,
    runners: runnersOf(as, parallelism, ratePerSecond),
  }
}

const defaultRunners = 2

/** @throws SignalproofError USAGE_BAD_VALUE for runners that cannot share the rate */
export function runnersOf(as: GeneratorForm, parallelism: number | undefined, ratePerSecond: number): number {
  const runners = parallelism ?? (as === 'testrun' ? defaultRunners : 1)
  if (as !== 'testrun' && runners !== 1)
    throw badRunners(
      as === 'job' ? '1 runner of a Job' : '1 runner',
      runners,
      'only a TestRun shares a rate over several: --as testrun',
    )
  if (!Number.isInteger(runners) || runners < 1 || runners > Math.max(1, ratePerSecond))
    throw badRunners(`a whole number of runners from 1 to the rate, ${ratePerSecond}`, runners, 'lower it')
  return runners
}

const badRunners = (expected: string, seen: number, remedy: string): SignalproofError =>
  new SignalproofError('USAGE_BAD_VALUE', { expected, seen: String(seen), where: '--parallelism', remedy })

function rateOf(written: string | number): number {
  const rate = typeof written === 'number' || written.trim() !== '' ? Number(written) : Number.NaN
  if (rate > 0 && rate <= highestRate) return rate
  throw new SignalproofError('USAGE_BAD_VALUE', {
    expected: `requests a second, above 0 and at most ${highestRate}`,
    seen: String(written),
    where: '--rate',
    remedy: 'write it like --rate 50',
  })
}

function durationOf(text: string): number {
  const ms = parseDurationMs(text)
  if (ms !== null && ms >= shortestMs && ms <= longestMs) return ms
  throw new SignalproofError('USAGE_BAD_VALUE', {
    expected: 'a duration from 1s to 24h',
    seen: text,
    where: '--for',
    remedy: 'write it like --for 2m or --for 90s',
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
