import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from '../../config/load-config.ts'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import { projectSurroundings } from './project-surroundings.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const { config } = await loadConfig(root)
const dayMs = 86_400_000

test('what git says of our stack', () => {
  const { edges, timings, asks } = projectSurroundings({ root, config })
  expect(edges.http_request_duration_seconds).toContain(0.3)
  expect(timings.retentionMs).toBeGreaterThanOrEqual(30 * dayMs)
  expect(timings.scrapeIntervalsMs).toMatchObject({ apps: 10_000, ingress: 30_000 })
  expect(asks.frontend).toEqual(['available-schedules-python', 'available-schedules-go'])
})

test.each([
  ['apps/node-service/src/request-metrics.ts', /durationEdgesSeconds = \[(.*)\]/],
  ['apps/available-schedules-go/internal/observation/metrics.go', /durationEdges = \[\]float64\{(.*)\}/],
  ['apps/available-schedules-python/available_schedules/observation/metrics.py', /DURATION_EDGES = \((.*)\)/],
])('the edges of %s are those of the configuration', (file, pattern) => {
  const [, edges = ''] = pattern.exec(readFileSync(join(root, file), 'utf8')) ?? []
  expect(edges.split(',').map(Number)).toEqual(config.metrics.durationEdgesSeconds)
})

const project = (prometheus: string, flags: string) =>
  temporaryFolder({
    'manifests/prometheus/prometheus.yaml': prometheus,
    'manifests/prometheus/flags.yaml': flags,
  })

test('where git is silent, the defaults of Prometheus', () => {
  using folder = project('scrape_configs: [{ job_name: apps }]', '{}')
  const { timings } = projectSurroundings({ root: folder.path, config })
  expect(timings).toEqual({ retentionMs: 15 * dayMs, scrapeIntervalsMs: { apps: 60_000 } })
})

test('a retention that is no duration is told with its line', () => {
  using folder = project('scrape_configs: [{ job_name: apps }]', 'a: b\nstorage.tsdb.retention.time: long')
  expect(() => projectSurroundings({ root: folder.path, config })).toThrow(/flags\.yaml:2 /)
})

test('no scrape job is no stack to judge against', () => {
  using folder = project('scrape_configs: []', '{}')
  expect(() => projectSurroundings({ root: folder.path, config })).toThrow('at least one scrape job')
})
