import { resolve } from 'node:path'
import { z } from 'zod'
import { checkPlacedYaml, readPlacedYaml } from '../config/placed-yaml.ts'
import { duration } from './alert-rules.ts'
import { distinctNames } from './log-test-format.ts'

/** What of promtool's own format is read here; promtool checks all of it, and refuses what it does not know. */

const metricTestFile = z.looseObject({
  rule_files: z.array(z.string()).min(1),
  evaluation_interval: duration,
  tests: z
    .array(
      z.looseObject({
        name: z.string({ error: 'expected a name: results are shown by it' }).min(1),
        interval: z.unknown(),
        input_series: z
          .array(z.looseObject({ series: z.string(), values: z.coerce.string().default('') }))
          .default([]),
        alert_rule_test: z
          .array(
            z.looseObject({
              eval_time: duration,
              alertname: z.string(),
              exp_alerts: z
                .array(z.looseObject({ exp_labels: z.record(z.string(), z.unknown()).default({}) }))
                .nullish()
                .transform((alerts) => alerts ?? []),
            }),
          )
          .min(1),
      }),
    )
    .min(1),
})

export interface MetricExpectation {
  readonly atMs: number
  readonly alert: string
  /** How many alerts of the name fire. */
  readonly firing: number
  readonly where: string
}

export interface MetricCase {
  readonly name: string
  readonly series: readonly { readonly series: string; readonly values: string }[]
  /** How far apart the values of the series are, as written. */
  readonly intervalText: string
  readonly expect: readonly MetricExpectation[]
  readonly where: string
}

export interface MetricTestFile {
  /** Absolute. */
  readonly file: string
  /** The rule files that it is for, absolute. */
  readonly ruleFiles: readonly string[]
  readonly evaluationMs: number
  readonly cases: readonly MetricCase[]
  /** The file's text for promtool, with other rule files; every line keeps its number. */
  readonly textFor: (ruleFiles: readonly string[]) => string
}

/** @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID with file, line and path */
export function readMetricTestFile(file: string): MetricTestFile {
  const yaml = readPlacedYaml(file)
  const parsed = checkPlacedYaml(yaml, distinctNames(metricTestFile, 'tests'))
  return {
    file,
    ruleFiles: parsed.rule_files.map((path) => resolve(file, '..', path)),
    evaluationMs: parsed.evaluation_interval,
    cases: parsed.tests.map(({ name, interval, input_series, alert_rule_test }, index) => ({
      name,
      series: input_series.map(({ series, values }) => ({ series, values })),
      intervalText: String(interval ?? ''),
      where: yaml.lineOf(['tests', index]),
      expect: alert_rule_test.map(({ eval_time, alertname, exp_alerts }, at) => ({
        atMs: eval_time,
        alert: alertname,
        firing: exp_alerts.length,
        where: yaml.lineOf(['tests', index, 'alert_rule_test', at]),
      })),
    })),
    textFor: (ruleFiles) => yaml.textWith('rule_files', ruleFiles),
  }
}
