import { z } from 'zod'

/** The rules API, which Prometheus and Loki's ruler answer alike. */

const alertingRule = z.object({
  type: z.literal('alerting'),
  name: z.string(),
  query: z.string(),
  /** Seconds. */
  duration: z.number(),
  /** Seconds. */
  keepFiringFor: z.number().optional(),
  health: z.string(),
  lastError: z.string().optional(),
  lastEvaluation: z.string(),
  evaluationTime: z.number(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
})
const recordingRule = alertingRule
  .pick({
    name: true,
    query: true,
    health: true,
    lastError: true,
    lastEvaluation: true,
    evaluationTime: true,
  })
  .extend({ type: z.literal('recording') })

const ruleGroup = z.object({
  name: z.string(),
  file: z.string(),
  /** Seconds. */
  interval: z.number(),
  rules: z.array(z.discriminatedUnion('type', [alertingRule, recordingRule])),
  lastEvaluation: z.string().optional(),
})

export const ruleGroupsAnswer = z.object({
  status: z.literal('success'),
  data: z.object({ groups: z.array(ruleGroup) }),
})

export type RuleGroup = z.output<typeof ruleGroup>
export type AlertingRule = z.output<typeof alertingRule>

/** An alerting rule by its alert's name with the group that evaluates it, or undefined. */
export function findAlertingRule(
  groups: readonly RuleGroup[],
  alert: string,
): { rule: AlertingRule; group: RuleGroup } | undefined {
  for (const group of groups) {
    for (const rule of group.rules)
      if (rule.type === 'alerting' && rule.name === alert) return { rule, group }
  }
  return undefined
}
