import { parser } from '@prometheus-io/lezer-promql'
import type { SignalproofConfig } from '../config/config-schema.ts'
import type { AlertRule } from './alert-rules.ts'
import { gap } from './rule-gaps.ts'

/**
 * The rule that notices an app without a target has to name each app, because `absent` knows only what it is told. So
 * it can forget one, and keep one that is gone: it has to name exactly the apps of the configuration.
 */
export function checkMissingTargets(rules: readonly AlertRule[], { apps }: SignalproofConfig): string[] {
  const watching = rules
    .filter(({ signal }) => signal === 'metrics')
    .map((rule) => ({ rule, named: appsInAbsent(rule.expr) }))
    .filter(({ named }) => named.length > 0)
  const expected = apps.map(({ namespace, name }) => `${namespace}/${name}`).sort()
  const [first] = watching
  if (first === undefined) {
    return [
      gap(
        'alerts/metrics',
        'AppScrapeMissing',
        'a rule with absent(up{…, app="…"}) for each app',
        'none',
        'write it: an app that discovery loses has no alert on metrics',
      ),
    ]
  }
  return watching.flatMap(({ rule, named }) => {
    if (named.join() === expected.join()) return []
    const lacking = expected.filter((app) => !named.includes(app))
    const extra = named.filter((app) => !expected.includes(app))
    const seen = [
      ...(lacking.length === 0 ? [] : [`nothing for ${lacking.join(', ')}`]),
      ...(extra.length === 0 ? [] : [`${extra.join(', ')} that no app is called`]),
      ...(lacking.length + extra.length > 0 ? [] : ['an app twice']),
    ].join(', and ')
    return [
      gap(
        rule.lineOf('expr'),
        rule.alert,
        'absent(up{…}) for exactly the apps of signalproof.config.ts',
        seen,
        'one `absent` for each app, joined by `or`',
      ),
    ]
  })
}

/** `namespace/app` of every `absent(up{…})` of an expression, sorted. */
function appsInAbsent(expr: string): string[] {
  const found: string[] = []
  parser.parse(expr).iterate({
    enter: ({ name, node }) => {
      if (name !== 'FunctionCall' || node.getChild('FunctionIdentifier')?.getChild('Absent') === null) return
      const selector = node.getChild('FunctionCallBody')?.getChild('VectorSelector')
      const metric = selector?.getChild('Identifier')
      if (!selector || !metric || expr.slice(metric.from, metric.to) !== 'up') return
      const labels = equalities(expr.slice(selector.from, selector.to))
      if (labels.app !== undefined) found.push(`${labels.namespace ?? ''}/${labels.app}`)
    },
  })
  return found.sort()
}

function equalities(selector: string): Record<string, string> {
  return Object.fromEntries(
    [...selector.matchAll(/(\w+)\s*=\s*"([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  )
}
