import { join } from 'node:path'
import { z } from 'zod'
import { checkPlacedYaml, type PlacedYaml, readPlacedYaml } from '../config/placed-yaml.ts'
import { yamlFilesIn, yamlFilesNamed } from '../config/yaml-folder.ts'
import { parseDurationMs } from '../core/prometheus-duration.ts'
import { SignalproofError } from '../core/signalproof-error.ts'

/** The alerting rules of a project's rule files, each with its place. Prometheus and Loki have one format for both. */

export const signals = ['logs', 'metrics'] as const
export type Signal = (typeof signals)[number]

/** The folders of alerts/ and of alerts/tests/ that hold the rules of a signal; those of slo/ are generated. */
export const foldersOf: Readonly<Record<Signal, readonly string[]>> = {
  logs: ['logs'],
  metrics: ['metrics', 'slo'],
}

export interface AlertRule {
  readonly signal: Signal
  /** Absolute. */
  readonly file: string
  readonly group: string
  readonly alert: string
  readonly expr: string
  readonly forMs: number
  readonly keepFiringForMs: number
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** File and line of one of the rule's fields, or of the rule itself. */
  readonly lineOf: (...field: readonly string[]) => string
}

const asDuration = 'expected a duration such as 1m30s, seen'

export const duration = z
  .union([z.string(), z.literal(0).transform(String)], {
    error: ({ input }) => `${asDuration} ${input === undefined ? 'nothing' : JSON.stringify(input)}`,
  })
  .transform((text, context) => {
    const ms = parseDurationMs(text)
    if (ms !== null) return ms
    context.addIssue({ code: 'custom', message: `${asDuration} ${text}` })
    return z.NEVER
  })

const texts = z.record(z.string(), z.string())
const ruleFile = z.looseObject({
  groups: z.array(
    z.looseObject({
      name: z.string(),
      rules: z.array(
        z.looseObject({
          alert: z.string().optional(),
          expr: z.coerce.string(),
          for: duration.default(0),
          keep_firing_for: duration.default(0),
          labels: texts.default({}),
          annotations: texts.default({}),
        }),
      ),
    }),
  ),
})

/**
 * @param needed only the rules of these files; all where it is not given
 * @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID, also where the folder has no alert at all
 */
export function readAlertRules(alertsFolder: string, needed?: readonly string[]): AlertRule[] {
  if (needed !== undefined) {
    return signals.flatMap((signal) =>
      filesOf(signal, alertsFolder, yamlFilesNamed)
        .filter((file) => needed.includes(file))
        .flatMap((file) => rulesOf(signal, readPlacedYaml(file))),
    )
  }
  const rules = signals.flatMap((signal) =>
    filesOf(signal, alertsFolder, yamlFilesIn).flatMap((file) => rulesOf(signal, readPlacedYaml(file))),
  )
  if (rules.length > 0) return rules
  throw new SignalproofError('CONFIG_INVALID', {
    expected: 'at least one alert in the rule files below logs/ or metrics/',
    seen: 'none',
    where: alertsFolder,
    remedy: 'check the folder that --alerts or `sources` in signalproof.config.ts names',
  })
}

const filesOf = (signal: Signal, folder: string, list: (folder: string) => string[]): string[] =>
  foldersOf[signal].flatMap((name) => list(join(folder, name)))

function rulesOf(signal: Signal, yaml: PlacedYaml): AlertRule[] {
  return checkPlacedYaml(yaml, ruleFile).groups.flatMap(({ name: group, rules }, groupIndex) =>
    rules.flatMap(({ alert, for: forMs, keep_firing_for: keepFiringForMs, ...rule }, ruleIndex) => {
      if (alert === undefined) return []
      const lineOf = (...field: readonly string[]) =>
        yaml.lineOf(['groups', groupIndex, 'rules', ruleIndex, ...field])
      const { expr, labels, annotations } = rule
      return [
        {
          signal,
          file: yaml.file,
          group,
          alert,
          expr,
          forMs,
          keepFiringForMs,
          labels,
          annotations,
          lineOf,
        },
      ]
    }),
  )
}
