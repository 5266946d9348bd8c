import { getAtPath, isMap } from '../../config/document-path.ts'
import type { LintedDashboard } from './dashboard-shape.ts'
import { type Finding, findingAt } from './finding.ts'

/** Alerts lead to dashboards: to one that is there, with variables that it has. */
export function lintAlertLinks(
  rules: readonly { readonly file: string; readonly document: unknown }[],
  dashboards: readonly Pick<LintedDashboard, 'uid' | 'templating'>[],
): Finding[] {
  return rules.flatMap(({ file, document }) =>
    alertsIn(document).flatMap(({ alert, url, path }) => {
      const [, uid = '', query = ''] = /\/d\/([^/?]+)(?:\?(.*))?$/.exec(url) ?? []
      const dashboard = dashboards.find((one) => one.uid === uid)
      const names = dashboard?.templating.list.map(({ name }) => name) ?? []
      const wanted = [...query.matchAll(/(?:^|&)var-(\w+)=/g)].map(([, name = '']) => name)
      const unknown = wanted.filter((name) => !names.includes(name))
      if (dashboard !== undefined && unknown.length === 0) return []
      return [
        findingAt(
          'link-leads-nowhere',
          { file, of: alert, path },
          {
            expected:
              dashboard === undefined
                ? `a dashboard: ${dashboards.map((one) => one.uid).join(', ')}`
                : `a variable of ${uid}: ${names.join(', ')}`,
            seen: dashboard === undefined ? uid || url : unknown.join(', '),
            remedy: 'correct the link: whoever is told of the alert follows it',
          },
        ),
      ]
    }),
  )
}

function alertsIn(document: unknown): { alert: string; url: string; path: string }[] {
  const groups = getAtPath(document, 'groups')
  return (Array.isArray(groups) ? groups : []).flatMap((group: unknown, index) => {
    const rules = getAtPath(group, 'rules')
    return (Array.isArray(rules) ? rules : []).filter(isMap).flatMap((rule, at) => {
      const url = getAtPath(rule, 'annotations.dashboard_url')
      if (typeof rule.alert !== 'string' || typeof url !== 'string') return []
      return [{ alert: rule.alert, url, path: `groups[${index}].rules[${at}].annotations.dashboard_url` }]
    })
  })
}
