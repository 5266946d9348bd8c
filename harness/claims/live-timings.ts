import type { Alertmanager } from '../backends/alertmanager.ts'
import type { Loki } from '../backends/loki.ts'
import type { Prometheus } from '../backends/prometheus.ts'
import type { RuleGroup } from '../backends/rule-groups.ts'
import { type PipelineTimings, parseYamlAnswer, readTimings } from '../timeline/pipeline-timings.ts'

export interface ConfiguredStack {
  readonly prometheus: Prometheus
  readonly loki: Loki
  readonly alertmanager: Alertmanager
  /** As rendered: the collector does not answer with it. */
  readonly collectorConfiguration: unknown
  /** Of each hop, in this environment. */
  readonly allowanceMs: number
}

/** Timings of the configuration in force: each component is asked for its own, the rules are those it has loaded. */
export async function readLiveTimings(stack: ConfiguredStack): Promise<PipelineTimings> {
  const [prometheus, loki, alertmanager, metricGroups, logGroups] = await Promise.all([
    stack.prometheus.configYaml(),
    stack.loki.configYaml(),
    stack.alertmanager.configYaml(),
    stack.prometheus.ruleGroups(),
    stack.loki.ruleGroups(),
  ])
  return readTimings(
    {
      prometheus: parseYamlAnswer(prometheus),
      loki: parseYamlAnswer(loki),
      alertmanager: parseYamlAnswer(alertmanager),
      collector: stack.collectorConfiguration,
      metricRules: asRuleDocument(metricGroups),
      logRules: asRuleDocument(logGroups),
    },
    stack.allowanceMs,
  )
}

/** The rules API's answer in the shape of a rule file; its durations are seconds. */
function asRuleDocument(groups: readonly RuleGroup[]): unknown {
  return {
    groups: groups.map(({ name, interval, rules }) => ({
      name,
      interval: interval * 1000,
      rules: rules.flatMap((rule) =>
        rule.type === 'alerting'
          ? [
              {
                alert: rule.name,
                expr: rule.query,
                for: rule.duration * 1000,
                keep_firing_for: (rule.keepFiringFor ?? 0) * 1000,
                labels: rule.labels ?? {},
              },
            ]
          : [],
      ),
    })),
  }
}
