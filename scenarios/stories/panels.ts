import {
  epochMs,
  faultsPassed,
  type Run,
  runPanels,
  shownFault,
  story,
  undeliverableAlerts,
} from '../../harness/test.ts'
import { sixErrors } from './six-errors.ts'
import { sustainedErrors } from './sustained-errors.ts'

/**
 * Every panel, once, from the begin of the run to now: after the faults in apps that this run makes, so that their plots
 * have a time before, during and after them. Whether a fault could be made is told by `faults`, which rejects then. None is
 * made where an alert would be waited for in vain: a fault lasts until people have heard of it.
 */
export const panels = story('panels', async (run: Run) => {
  const { readyAt } = await run.started()
  const canBeTold = undeliverableAlerts(await run.timings()).length === 0
  const faults =
    run.can('app-faults') && run.can('notifications') && canBeTold ? faultsInApps(run) : Promise.resolve([])
  const [made] = await Promise.allSettled([faults])
  const shown = made.status === 'fulfilled' ? made.value : []
  await faultsPassed(run, shown)
  const askedAt = epochMs()
  const file = await runPanels(run, readyAt, shown)
  return { faults, file, tookMs: epochMs() - askedAt }
})

async function faultsInApps(run: Run) {
  const [sustained, six] = await Promise.all([sustainedErrors(run), sixErrors(run)])
  return [
    shownFault(run, {
      app: sustained.app,
      name: `sustained errors of ${sustained.app.name}`,
      fromMs: sustained.before.at,
      toMs: await sustained.lastServedAt,
    }),
    shownFault(run, {
      app: six.app,
      name: `six errors of ${six.app.name}`,
      fromMs: six.before.at,
      toMs: six.lastErrorAt,
    }),
  ]
}
