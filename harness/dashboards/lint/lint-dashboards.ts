import { type DashboardFile, type LintedDashboard, readShape } from './dashboard-shape.ts'
import { type Finding, findingAt } from './finding.ts'
import { lintDashboard } from './lint-dashboard.ts'
import type { LintSurroundings } from './lint-surroundings.ts'

/** All dashboards: each by itself, and that no two of them go by one name. */
export function lintDashboards(
  files: readonly DashboardFile[],
  around: Omit<LintSurroundings, 'dashboards'>,
): Finding[] {
  const read = files.map((file) => ({ file: file.file, ...readShape(file) }))
  const shaped = read.flatMap(({ file, dashboard }) => (dashboard === undefined ? [] : [{ file, dashboard }]))
  const whole: LintSurroundings = { ...around, dashboards: shaped.map(({ dashboard }) => dashboard.uid) }
  return [
    ...read.flatMap(({ findings }) => findings),
    ...shaped.flatMap(({ file, dashboard }) => lintDashboard(dashboard, file, whole)),
    ...sameNames(shaped),
  ]
}

/** Grafana takes one of two dashboards with one uid, and of two with one title in a folder refuses the second. */
function sameNames(shaped: readonly { file: string; dashboard: LintedDashboard }[]): Finding[] {
  return (['uid', 'title'] as const).flatMap((key) =>
    shaped.flatMap(({ file, dashboard }, index) => {
      const first = shaped.findIndex((other) => other.dashboard[key] === dashboard[key])
      if (first === index) return []
      return [
        findingAt(
          'unique-names',
          { file, path: key },
          {
            expected: `a ${key} that no other dashboard has`,
            seen: `${dashboard[key]}, as ${shaped[first]?.file}`,
            remedy: `give it a ${key} of its own`,
          },
        ),
      ]
    }),
  )
}
