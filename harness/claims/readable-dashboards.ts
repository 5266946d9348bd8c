import { readDashboardDocuments, renderedDashboards } from '../config/dashboard-documents.ts'
import type { LoadedConfig } from '../config/load-config.ts'
import { applySetOptions, type SetOption } from '../config/set-option.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import type { Dashboard } from '../dashboards/dashboard-model.ts'
import { readDashboard } from '../dashboards/read-dashboard.ts'

/**
 * Refuses what no panel could be read from before anything is started: claims look at dashboards at the end of a run.
 * @throws SignalproofError CONFIG_INVALID or CONFIG_UNREADABLE with the dashboard, and the option that made it, also
 *   where a panel that has to show a fault is in none; SET_PATH_UNKNOWN
 */
export function requireReadableDashboards(project: LoadedConfig, set: readonly SetOption[]): void {
  const options = set.filter(({ component }) => component === 'dashboards')
  const { dashboards } = renderedDashboards(applySetOptions({ ...readDashboardDocuments(project) }, options))
  const read = Object.entries(dashboards).map(([uid, document]) => {
    const made = options.filter(({ path }) => path === uid || path.startsWith(`${uid}.`))
    const where = [`dashboards:${uid}`, ...made.map(({ text }) => `--set ${text}`)].join(', ')
    return readDashboard(JSON.stringify(document), where)
  })
  requirePanels(read, project.config.dashboards?.showServerErrors ?? [])
}

/** A panel that nobody finds would show everything. */
function requirePanels(
  dashboards: readonly Dashboard[],
  wanted: readonly { readonly dashboard: string; readonly panel: string }[],
): void {
  for (const { dashboard, panel } of wanted) {
    const titles = dashboards.find(({ uid }) => uid === dashboard)?.panels.map(({ title }) => title)
    if (titles?.includes(panel)) continue
    throw new SignalproofError('CONFIG_INVALID', {
      expected: `a panel "${panel}" in the dashboard ${dashboard}`,
      seen:
        titles?.join(', ') ?? `no such dashboard; there are ${dashboards.map(({ uid }) => uid).join(', ')}`,
      where: 'signalproof.config.ts dashboards.showServerErrors',
      remedy: 'correct the name, or take the entry out',
    })
  }
}
