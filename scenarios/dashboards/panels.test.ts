import {
  claim,
  describePanel,
  epochMs,
  expect,
  formatMs,
  isStoreHere,
  isWrong,
  liveDashboards,
  missingRunbooks,
  provisionedDatasources,
  runbookLinks,
  unreachable,
  unresolved,
} from '../../harness/test.ts'
import { panels } from '../stories/panels.ts'

/** What a dashboard names is there: before any of its queries is run. */
claim('dashboards.linked', async ({ run, looked, note }) => {
  const { readyAt } = await run.started()
  const dashboards = liveDashboards(run)
  const datasources = provisionedDatasources(run.environment)
  const range = { fromMs: readyAt, toMs: epochMs() }
  const [unnamed, silent] = await Promise.all([
    unresolved(dashboards, datasources, range),
    unreachable(datasources.filter(({ type }) => isStoreHere(run, type))),
  ])
  looked()
  expect(datasources.length, 'datasources of the provisioning file').toBeGreaterThan(0)
  expect([...unnamed, ...silent], 'what dashboards name and is not there').toEqual([])
  const runbooks = runbookLinks(run.environment.dashboards ?? { dashboards: {}, datasources: {} })
  expect(runbooks.length, 'runbooks that panels lead to').toBeGreaterThan(0)
  if (run.can('traffic'))
    expect(await missingRunbooks(run, runbooks), 'runbooks that are not there').toEqual([])
  note(`${dashboards.length} dashboards, ${datasources.length} datasources, ${runbooks.length} runbooks`)
})

/** Every panel of every dashboard on what this run made. */
claim('dashboards.panels-alive', async ({ run, looked, keep, note }) => {
  const { file, tookMs } = await panels(run)
  looked()
  const shown = run.config.dashboards?.showServerErrors ?? []
  const isAboutErrors = (title: string, uid: string) =>
    shown.some(({ dashboard, panel }) => dashboard === uid && panel === title)
  expect(file.panels.length, 'panels of the dashboards').toBeGreaterThan(0)
  keep('panels.txt', `${file.panels.map(describePanel).join('\n')}\n`)
  expect(
    file.panels
      .filter((panel) => isWrong(panel))
      // That one has no value at all, or one that cannot be: whether it moved is the next claim's.
      .filter(({ verdict, title, dashboard }) => verdict === 'broken' || !isAboutErrors(title, dashboard.uid))
      .map(describePanel),
    'panels that show nothing, or a zero that nothing was counted for',
  ).toEqual([])
  const queries = file.panels.flatMap((panel) => panel.queries)
  note(`${file.panels.length} panels with ${queries.length} queries, run in ${formatMs(tookMs)}`)
})

/** They are read before, during and after a fault whose failures were counted elsewhere. */
claim('dashboards.fault-shows', async ({ run, looked }) => {
  const { faults, file } = await panels(run)
  const made = await faults
  looked()
  expect(
    made.map(({ name, moves }) => [name, moves.length > 0]),
    'faults, each with panels that have to show it',
  ).toEqual(made.map(({ name }) => [name, true]))
  expect(made.length, 'faults that were made').toBeGreaterThan(0)
  expect(
    file.panels.filter(({ verdict }) => verdict === 'convincing zero').map(describePanel),
    'panels that did not move although their cause did',
  ).toEqual([])
})
