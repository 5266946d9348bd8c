import { parser } from '@prometheus-io/lezer-promql'
import { expect, test } from 'vitest'
import { sloDashboard, writeDashboard } from './dashboard.ts'
import { rulesDocument } from './generated-files.ts'
import { latencyObjectiveDouble, objectiveDouble } from './objective-double.ts'

const objectives = [objectiveDouble(), latencyObjectiveDouble()]
const exprs = () => sloDashboard(objectives).panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))

function metricsOf(expr: string): string[] {
  const metrics: string[] = []
  parser.parse(expr.replaceAll('$slo', 'x')).iterate({
    enter: ({ name, type, from, to }) => {
      expect(type.isError, expr).toBe(false)
      if (name === 'Identifier') metrics.push(expr.replaceAll('$slo', 'x').slice(from, to))
    },
  })
  return metrics
}

test('every query reads what the rules of the same objectives record', () => {
  const recorded = rulesDocument(objectives).groups.flatMap(({ rules }) =>
    rules.flatMap((rule) => ('record' in rule ? [rule.record] : [])),
  )
  const read = exprs().flatMap(metricsOf)
  expect(read.length).toBeGreaterThanOrEqual(12)
  expect(read.filter((metric) => metric !== 'ALERTS' && !recorded.includes(metric))).toEqual([])
})

test('each pair of windows has a panel with its factor as the line', () => {
  const burn = sloDashboard(objectives).panels.filter(({ title }) => title.startsWith('Burn rate'))
  expect(
    burn.map(({ title, fieldConfig }) => [title, fieldConfig.defaults.thresholds.steps[1]?.value]),
  ).toEqual([
    ['Burn rate over 1h and 5m', 14.4],
    ['Burn rate over 6h and 30m', 6],
    ['Burn rate over 1d and 2h', 3],
    ['Burn rate over 3d and 6h', 1],
  ])
})

test('a budget is summed over the period of its own objective', () => {
  const weekly = objectiveDouble({ name: 'weekly', periodMs: 7 * 86_400_000 })
  const [left] = sloDashboard([...objectives, weekly]).panels
  expect(
    left?.targets.map(({ expr }) => [...expr.matchAll(/slo=~"([^"$]+)"\}\[(\w+)\]/g)][0]?.slice(1)),
  ).toEqual([
    ['shop-availability|shop-latency', '30d'],
    ['weekly', '7d'],
  ])
})

test('no panel lies over another, or beyond the 24 columns', () => {
  const taken = new Set<string>()
  for (const { gridPos } of sloDashboard(objectives).panels) {
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        expect(taken.has(`${x},${y}`)).toBe(false)
        taken.add(`${x},${y}`)
      }
    }
  }
  expect(taken.size).toBeGreaterThan(0)
})

test('the file is the dashboard, and nothing else', () => {
  expect(JSON.parse(writeDashboard(objectives))).toEqual(sloDashboard(objectives))
})
