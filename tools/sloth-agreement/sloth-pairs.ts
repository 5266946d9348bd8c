import { parse } from 'yaml'
import { z } from 'zod'
import { slothAlert } from './sloth-rules.ts'

/** A pair of windows as an alert of Sloth compares it. */
export interface SlothPair {
  readonly slo: string
  readonly severity: string
  readonly short: string
  readonly long: string
  readonly factor: number
  readonly errorBudget: number
  /** What it asks of both windows: the part of the alert's expression that is this pair's. */
  readonly expr: string
}

const rulesFile = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string().optional(),
          expr: z.string(),
          labels: z.record(z.string(), z.string()).default({}),
        }),
      ),
    }),
  ),
})

const comparison =
  /slo:sli_error:ratio_rate(?<window>\w+)\{[^}]*sloth_slo="(?<slo>[^"]+)"[^}]*\} > \((?<factor>[\d.]+) \* (?<errorBudget>[\d.]+)\)/g

/** Every pair of its alerts; a comparison that has no partner is told by an error. */
export function slothPairs(yaml: string): SlothPair[] {
  const rules = rulesFile.parse(parse(yaml)).groups.flatMap((group) => group.rules)
  return rules
    .filter(({ alert }) => alert === slothAlert)
    .flatMap(({ expr, labels }) => {
      const parts = expr.split(/\n\s*or\s*\n/)
      const compared = [...expr.matchAll(comparison)].map(({ groups }) => groups ?? {})
      const comparisons = expr.split(' > ').length - 1
      if (compared.length !== comparisons || compared.length !== 2 * parts.length) {
        throw new Error(`expected pairs of windows in ${expr}; read ${compared.length} of ${comparisons}`)
      }
      return Array.from({ length: compared.length / 2 }, (_, index): SlothPair => {
        const [short, long] = compared.slice(2 * index, 2 * index + 2)
        if (short?.factor !== long?.factor) throw new Error(`expected one factor for a pair in ${expr}`)
        return {
          slo: short?.slo ?? '',
          severity: labels.severity ?? '',
          short: short?.window ?? '',
          long: long?.window ?? '',
          factor: Number(short?.factor),
          errorBudget: Number(short?.errorBudget),
          expr: parts[index] ?? '',
        }
      })
    })
}
