import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { setAtPath } from '../../config/document-path.ts'
import { loadConfig } from '../../config/load-config.ts'
import { type ProcessPort, placeLoki, processPorts } from '../../config/process-placement.ts'
import { readLogBackends } from '../../config/stack-documents.ts'
import { eventually, found, notYet } from '../../core/eventually.ts'
import { send } from '../../core/http.ts'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import { installComponents } from '../../toolchain/install-components.ts'
import { readShape } from './dashboard-shape.ts'
import { dashboardFiles } from './lint-project.ts'
import { maskQuery } from './masked-query.ts'

/** The grammars that the lint reads with take more than Prometheus and Loki do: here these are asked themselves. */

const project = await loadConfig(fileURLToPath(new URL('../../..', import.meta.url)))
const [prometheus, lokiBinary] = await installComponents(['prometheus', 'loki'])

const folder = temporaryFolder()
const stopping = new AbortController()
afterAll(() => {
  stopping.abort()
  folder[Symbol.dispose]()
})

const queries = dashboardFiles(project.root).files.flatMap((file) => {
  const { dashboard } = readShape(file)
  return (dashboard?.panels ?? []).flatMap(({ title, targets = [] }) =>
    targets.map(({ datasource, expr = '' }) => ({
      of: `${dashboard?.uid} "${title}"`,
      type: datasource.type,
      expr: maskQuery(expr),
    })),
  )
})
const ofType = (type: string) => queries.filter((query) => query.type === type)

/** As recording rules: promtool says of each whether Prometheus would take it. */
async function refusedByPrometheus(exprs: readonly { of: string; expr: string }[]): Promise<string> {
  const file = join(folder.path, 'queries.yaml')
  const rules = exprs.map(({ expr, of }, index) => ({ record: `query:${index}`, expr, labels: { of } }))
  writeFileSync(file, stringify({ groups: [{ name: 'queries', rules }] }))
  const promtool = join(prometheus?.location ?? '', '..', 'promtool')
  const { all, exitCode } = await execa(promtool, ['check', 'rules', file], { all: true, reject: false })
  return exitCode === 0 ? '' : (all ?? '')
}

let lokiUrl = ''

beforeAll(async () => {
  const ports = Object.fromEntries(
    await Promise.all(processPorts.map(async (name) => [name, await freePort()] as const)),
  ) as Record<ProcessPort, number>
  const { loki } = readLogBackends(project)
  placeLoki(loki, { folder: folder.path, ports, id: 'queries' })
  setAtPath(loki, 'ruler.enable_api', false, 'loki')
  mkdirSync(join(folder.path, 'config', 'loki-rules'), { recursive: true })
  const file = join(folder.path, 'config', 'loki.yaml')
  writeFileSync(file, stringify(loki))
  const running = execa(lokiBinary?.location ?? '', [`-config.file=${file}`], {
    cancelSignal: stopping.signal,
    reject: false,
  })
  void running
  lokiUrl = `http://127.0.0.1:${ports.loki}`
  await eventually(
    'loki to answer',
    async (signal) => {
      const { status } = await send({ backend: 'loki', url: `${lokiUrl}/ready`, signal })
      return status === 200 ? found(status) : notYet(`${status}`)
    },
    { withinMs: 30_000, remedy: 'run it by hand with the configuration in the folder' },
  )
}, 60_000)

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Loki formats what it can parse. */
async function refusedByLoki(expr: string): Promise<string> {
  const { status, data } = await send({
    backend: 'loki',
    url: `${lokiUrl}/loki/api/v1/format_query`,
    params: { query: expr },
  })
  return status === 200 ? '' : JSON.stringify(data)
}

test('Prometheus takes every query of our dashboards, and refuses one that the grammar takes', async () => {
  const own = ofType('prometheus')
  expect(own.length).toBeGreaterThan(30)
  expect(await refusedByPrometheus(own)).toBe('')
  // The grammar knows no types: this one asks for the rate of a number.
  expect(await refusedByPrometheus([{ of: 'wrong', expr: 'rate(http_requests_total)' }])).toContain(
    'expected type range vector',
  )
})

test('Loki takes every query of our dashboards, and refuses one that the grammar takes', async () => {
  const own = ofType('loki')
  expect(own.length).toBeGreaterThan(2)
  for (const { of, expr } of own) expect(await refusedByLoki(expr), of).toBe('')
  expect(await refusedByLoki('{namespace="apps"} |~ "\\d"')).toContain('invalid char escape')
})
