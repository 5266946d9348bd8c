import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { readObjectiveFiles, readObjectives } from './read-objectives.ts'

const shipped = fileURLToPath(new URL('../../load/slo', import.meta.url))

test('both APIs and the frontend have an objective for availability and one for latency, at an edge of 0.3 s', () => {
  const objectives = readObjectives(shipped)
  expect(objectives.map(({ name }) => name).sort()).toEqual([
    'available-schedules-go-availability',
    'available-schedules-go-latency',
    'available-schedules-python-availability',
    'available-schedules-python-latency',
    'frontend-availability',
    'frontend-latency',
  ])
  for (const { name, kind, target, periodMs, thresholdSeconds } of objectives) {
    expect([name, kind, thresholdSeconds]).toEqual(
      name.endsWith('-latency') ? [name, 'latency', 0.3] : [name, 'availability', undefined],
    )
    expect([target, periodMs]).toEqual([0.99, 30 * 86_400_000])
  }
})

const text = readFileSync(join(shipped, 'availability.yaml'), 'utf8')

/** What is said of the shipped file with something changed. */
function refusal(from: string, to: string): { where?: string | undefined; seen?: string } {
  expect(text).toContain(from)
  using folder = temporaryFolder({ 'changed.yaml': text.replace(from, to) })
  try {
    readObjectiveFiles([join(folder.path, 'changed.yaml')])
  } catch (thrown) {
    return (thrown as { account: { where?: string; seen: string } }).account
  }
  return {}
}

test.each([
  ['openslo/v1', 'openslo/v2', ':3 apiVersion', 'expected openslo/v1'],
  ['target: 0.99', 'target: 1', ':31 spec.objectives[0].target', 'no budget could be spent'],
  ['target: 0.99', 'targt: 0.99', ':31 spec.objectives[0]', 'targt'],
  ['isRolling: true', 'isRolling: false', ':29 spec.timeWindow[0].isRolling', 'rolling window'],
  ['duration: 30d', 'duration: month', ':29 spec.timeWindow[0].duration', 'a duration such as 30d'],
  ['Occurrences', 'Timeslices', ':30 spec.budgetingMethod', 'expected Occurrences'],
  ['counter: true', 'counter: false', ':17 spec.indicator.spec.ratioMetric.counter', 'expected true'],
  [
    "query: 'http_requests_total{",
    "query: 'sum(http_requests_total){",
    ':23 spec',
    'a selector of one counter',
  ],
  ['minimum-failures: "10"', 'minimum-failures: "0"', ':9 metadata.annotations', 'above 0'],
  ['dev/minimum-failures', 'dev/minimum-failure', ':9 metadata.annotations', 'expected one of'],
  [
    'name: available-schedules-go-availability',
    'name: available-schedules-python-availability',
    'metadata.name',
    'as well',
  ],
])('%s changed to %s is refused with its line and path', (from, to, where, seen) => {
  const account = refusal(from, to)
  expect(account.where).toContain(`changed.yaml`)
  expect(account.where).toContain(where)
  expect(account.seen).toContain(seen)
})

test('a folder without objectives and an empty file are refused', () => {
  for (const files of [{}, { 'empty.yaml': '' }]) {
    using folder = temporaryFolder(files)
    expect(() => readObjectives(folder.path)).toThrow('at least one objective')
  }
})
