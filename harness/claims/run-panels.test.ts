import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type AskedRequest, backendDouble } from '../core/backend-double.ts'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import type { PanelsFile } from '../dashboards/panel-record.ts'
import { seedDouble } from './claim-doubles.ts'
import { type BreakableApp, Run } from './run.ts'
import { describePanel, faultsPassed, runPanels, shownFault } from './run-panels.ts'
import { readRunRecord } from './run-record.ts'

/** A Prometheus with one series that goes up in the middle, and its scrapes. */
const prometheus = () =>
  backendDouble(({ path, query }: AskedRequest, response) => {
    const expr = query.get('query') ?? ''
    const answer = (data: unknown): void => {
      response.end(JSON.stringify({ status: 'success', data }))
    }
    response.setHeader('content-type', 'application/json')
    if (path.includes('/label/')) return answer(['flat', 'x'])
    if (path.includes('/series')) return answer([{ __name__: 'x' }])
    if (expr.startsWith('min(timestamp'))
      return answer({ resultType: 'vector', result: [{ metric: {}, value: [0, String(Date.now() / 1000)] }] })
    const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(query.get(name)))
    const values: [number, string][] = []
    for (let at = start ?? 0; at <= (end ?? 0); at += step ?? 1)
      values.push([at, expr.includes('flat') ? '0' : String(at % 7)])
    return answer({ resultType: 'matrix', result: [{ metric: { app: 'shop' }, values }] })
  })

const panel = (id: number, title: string, expr: string) => ({
  id,
  type: 'timeseries',
  title,
  targets: [{ refId: 'A', expr, datasource: { type: 'prometheus', uid: 'prometheus' } }],
})

async function runWith(panels: unknown[], showServerErrors: unknown[] = []) {
  const backend = await prometheus()
  const folder = temporaryFolder()
  onTestFinished(async () => {
    folder[Symbol.dispose]()
    await backend[Symbol.asyncDispose]()
  })
  const seed = seedDouble(folder.path)
  const run = new Run({
    ...seed,
    config: { ...seed.config, dashboards: { folder: 'dashboards', showServerErrors } } as typeof seed.config,
    environment: {
      ...seed.environment,
      dashboards: {
        dashboards: { shop: { uid: 'shop', title: 'Shop', panels } },
        datasources: {
          datasources: [
            {
              name: 'Prometheus',
              uid: 'prometheus',
              type: 'prometheus',
              url: backend.url,
              jsonData: { timeInterval: '1s' },
            },
          ],
        },
      },
      addresses: { ...seed.environment.addresses, prometheus: backend.url },
      capabilities: ['metrics'],
    },
  })
  Object.assign(run, { timings: async () => ({ scrapeIntervalMs: 1_000 }) })
  return { run, folder: folder.path }
}

const errors = { dashboard: 'shop', panel: 'Errors', labels: ['app', 'status'] }

function failing(run: Run) {
  const at = Date.now()
  const requests = [500, 200, 500].map((status, index) => ({ status, doneAt: at - 20_000 + index }))
  Object.assign(run.traffic, { ledger: { of: () => requests } })
  return {
    app: { name: 'shop', faultRoute: '/buy' } as BreakableApp,
    name: 'errors of shop',
    fromMs: at - 30_000,
    toMs: at - 10_000,
  }
}

test('a fault is told by what was counted, with the labels that each panel has for it', async () => {
  const { run } = await runWith([panel(1, 'Errors', 'x')], [errors])
  expect(shownFault(run, failing(run)).moves).toEqual([
    {
      dashboard: 'shop',
      panel: 'Errors',
      direction: 'up',
      labels: { app: 'shop', status: '500' },
      cause: '2 requests of shop were answered with 500',
    },
  ])
})

test('all panels are run, written into the folder of the run, and summed up in its record', async () => {
  const { run, folder } = await runWith([panel(1, 'Requests', 'x'), panel(2, 'Nowhere', 'up{{')])
  const file = await runPanels(run, Date.now() - 60_000, [])
  expect(file.panels.map(({ title, verdict }) => [title, verdict])).toEqual([
    ['Requests', 'data'],
    ['Nowhere', 'data'],
  ])
  const written = JSON.parse(readFileSync(join(folder, 'panels.json'), 'utf8')) as PanelsFile
  expect(written).toEqual(JSON.parse(JSON.stringify(file)))
  expect(readRunRecord(folder)).toMatchObject([
    { kind: 'panels', panels: { total: 2, byVerdict: { data: 2 }, broken: [] } },
  ])
})

test('a panel that stays flat while its cause moved is a convincing zero, with its readings', async () => {
  const wanted = [{ dashboard: 'shop', panel: 'Errors', labels: [] }]
  const { run, folder } = await runWith([panel(1, 'Errors', 'flat')], wanted)
  const { panels } = await runPanels(run, Date.now() - 60_000, [shownFault(run, failing(run))])
  expect(panels.map(describePanel)).toEqual([
    expect.stringMatching(
      /^shop "Errors" is a convincing zero: expected Errors to go up during errors of shop, because 2 requests of shop were answered with 500; seen 0 before, 0 during and 0 after it/,
    ),
  ])
  expect(readRunRecord(folder)).toMatchObject([
    { panels: { byVerdict: { 'convincing zero': 1 }, broken: [{ dashboard: 'shop', panel: 'Errors' }] } },
  ])
})

test('panels are run once samples from after the faults are there', async () => {
  const { run } = await runWith([])
  Object.assign(run, { timings: async () => ({ scrapeIntervalMs: 100 }) })
  const fault = { name: 'errors', fromMs: Date.now() - 200, toMs: Date.now(), moves: [] }
  await faultsPassed(run, [fault])
  // A rate over four scrapes has left the fault behind.
  expect(Date.now()).toBeGreaterThanOrEqual(fault.toMs + 400)
  await faultsPassed(run, [])
})
