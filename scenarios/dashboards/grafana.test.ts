import {
  claim,
  compareWithGrafana,
  expect,
  Grafana,
  grafanaProblems,
  liveDashboards,
  provisionedDatasources,
  queriedDatasources,
  type Run,
} from '../../harness/test.ts'
import { panels } from '../stories/panels.ts'

/** Grafana itself, where its image is at hand: that it has what git has, and that it shows what was found without it. */

const grafanaOf = (run: Run): Grafana => new Grafana(run.environment.addresses.grafana ?? '')

claim('dashboards.grafana-healthy', async ({ run, looked }) => {
  await run.started()
  const problems = await grafanaProblems(
    grafanaOf(run),
    liveDashboards(run),
    provisionedDatasources(run.environment),
  )
  looked()
  expect(problems, 'what Grafana lacks').toEqual([])
})

claim('dashboards.grafana-agrees', async ({ run, looked, note }) => {
  const { file } = await panels(run)
  const { differences, compared } = await compareWithGrafana(grafanaOf(run), liveDashboards(run), {
    datasources: queriedDatasources(provisionedDatasources(run.environment)),
    file,
    signal: run.signal,
  })
  looked()
  expect(compared, 'queries that Grafana was asked for').toBeGreaterThan(0)
  expect(differences, 'queries that Grafana answers otherwise').toEqual([])
  note(`${compared} queries of panels`)
})
