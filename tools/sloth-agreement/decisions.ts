import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { parse, stringify } from 'yaml'
import { formatDuration } from '../../harness/core/prometheus-duration.ts'
import {
  type BoundaryCase,
  boundaryCases,
  countersOf,
  firingAt,
  writeValues,
} from '../../harness/slo/boundary-cases.ts'
import { burnAlert } from '../../harness/slo/burn-rate-rules.ts'
import type { BurnRatePair } from '../../harness/slo/burn-rate-windows.ts'
import { exampleSeries } from '../../harness/slo/example-series.ts'
import type { Objective } from '../../harness/slo/objective.ts'
import type { SlothPair } from './sloth-pairs.ts'

/** Whether two generators' rules decide alike: both are given the same series, by promtool, at the boundaries of every pair. */

/** Which pairs fire at a moment, by the arithmetic of the windows. */
interface Decision {
  readonly at: string
  readonly firing: readonly BurnRatePair[]
}

interface DecidedCase {
  readonly objective: Objective
  readonly test: BoundaryCase
  readonly decisions: readonly Decision[]
}

/** Sloth has no guard against low traffic, so that is left out; all other cases have traffic enough for ours. */
export function decidedCases(objective: Objective): DecidedCase[] {
  return boundaryCases({ ...objective, minimumFailures: undefined }).map((test) => ({
    objective,
    test,
    decisions: test.moments.map(({ atMs }) => ({
      at: formatDuration(atMs),
      firing: firingAt(objective, test, atMs).map(({ pair }) => pair),
    })),
  }))
}

/**
 * What promtool has against the decisions of both files, empty where they are as computed. Cases with the same time between
 * scrapes share a file, since that is how often rules are evaluated.
 */
export async function judgeDecisions(
  cases: readonly DecidedCase[],
  {
    promtool,
    folder,
    ruleFiles,
    sloths,
  }: { promtool: string; folder: string; ruleFiles: readonly string[]; sloths: readonly SlothPair[] },
): Promise<string> {
  const said = await Promise.all(
    [...Map.groupBy(cases, ({ test }) => test.everyMs)].map(async ([everyMs, alike]) => {
      const file = join(folder, `every-${formatDuration(everyMs)}.yaml`)
      const interval = formatDuration(everyMs)
      const tests = alike.map((one) => promtoolTest(one, interval, sloths))
      writeFileSync(
        file,
        stringify(
          {
            rule_files: ruleFiles,
            evaluation_interval: interval,
            // Records before the alerts that read them, as the files have them: promtool goes by the names otherwise.
            group_eval_order: ruleFiles.flatMap(groupNames),
            tests,
          },
          { lineWidth: 0 },
        ),
      )
      const ended = await execa(promtool, ['test', 'rules', file], { all: true, reject: false })
      if (ended.exitCode === 0 && ended.all.includes('SUCCESS')) return ''
      return ended.all || ended.shortMessage || 'promtool said nothing'
    }),
  )
  return said.filter(Boolean).join('\n')
}

function promtoolTest(
  { objective, test, decisions }: DecidedCase,
  interval: string,
  sloths: readonly SlothPair[],
) {
  const counters = countersOf(test)
  return {
    name: test.name,
    interval,
    input_series: exampleSeries(objective).map(({ series, counts }) => ({
      series,
      values: writeValues(counters[counts]),
    })),
    promql_expr_test: decisions.flatMap(({ at, firing }) => [
      {
        expr: `group by (severity, long_window) (ALERTS{alertname="${burnAlert}", alertstate="firing"})`,
        eval_time: at,
        exp_samples: firing.map(({ severity, longWindow }) => ({
          labels: `{severity="${severity}", long_window="${longWindow}"}`,
          value: 1,
        })),
      },
      ...sloths.map(({ severity, long, expr }) => ({
        expr: `group(${expr.trim()})`,
        eval_time: at,
        exp_samples: firing
          .filter((pair) => pair.severity === severity && pair.longWindow === long)
          .map(() => ({ labels: '{}', value: 1 })),
      })),
    ]),
  }
}

const groupNames = (ruleFile: string): string[] =>
  (parse(readFileSync(ruleFile, 'utf8')) as { groups: { name: string }[] }).groups.map(({ name }) => name)
