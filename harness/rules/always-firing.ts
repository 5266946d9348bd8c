import { existsSync } from 'node:fs'
import { z } from 'zod'
import { checkPlacedYaml, readPlacedYaml } from '../config/placed-yaml.ts'
import type { AlertRule } from './alert-rules.ts'
import { gap } from './rule-gaps.ts'
import { isConstantVector } from './threshold.ts'

const exemptions = z.strictObject({
  alerts: z.array(
    z.strictObject({
      alert: z.string(),
      because: z.string().regex(/\w+\W+\w+\W+\w+/, 'expected a reason, in words'),
    }),
  ),
})

export interface AlwaysFiring {
  readonly alert: string
  readonly where: string
}

/** The alerts that need no case in which they are silent. @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID */
export function readAlwaysFiring(file: string): AlwaysFiring[] {
  if (!existsSync(file)) return []
  const yaml = readPlacedYaml(file)
  return checkPlacedYaml(yaml, exemptions).alerts.map(({ alert }, index) => ({
    alert,
    where: yaml.lineOf(['alerts', index]),
  }))
}

/** An exemption holds only for what cannot be silent: one number, whatever the data, and nothing to wait for. */
export function checkAlwaysFiring(exempt: readonly AlwaysFiring[], rules: readonly AlertRule[]): string[] {
  return exempt.flatMap(({ alert, where }) => {
    const rule = rules.find((each) => each.alert === alert)
    if (rule === undefined)
      return [gap(where, alert, 'an alert of the rule files', 'none of this name', 'take the entry away')]
    const language = rule.signal === 'logs' ? 'logql' : 'promql'
    if (isConstantVector(language, rule.expr) && rule.forMs === 0) return []
    const seen = rule.forMs === 0 ? rule.expr.trim() : '`for`'
    return [
      gap(where, alert, 'a rule that always fires: vector(…) without `for`', seen, 'write cases for it'),
    ]
  })
}
