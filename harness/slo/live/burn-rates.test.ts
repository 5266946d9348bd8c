import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../config/load-config.ts'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import type { RuleGroup } from '../burn-rate-rules.ts'
import { readObjectives } from '../read-objectives.ts'
import { runBurnRates } from './run-burn-rates.ts'

/** The alerts of a shipped objective on a real Prometheus and a real Alertmanager, by the clock. */

const project = await loadConfig()
const objective = readObjectives(join(project.root, 'load', 'slo')).find(
  ({ bad, pages }) => bad !== undefined && pages,
)

async function burn(changeRules?: (groups: readonly RuleGroup[]) => readonly RuleGroup[]) {
  if (objective === undefined) throw new Error('an availability objective that pages')
  using folder = temporaryFolder()
  return await runBurnRates({
    project,
    objective,
    isSweep: false,
    folder: join(folder.path, 'run'),
    signal: new AbortController().signal,
    changeRules,
  })
}

describe.concurrent('burn-rate alerts on a live stack', () => {
  test('fire, end and stay silent as computed', async () => {
    const report = await burn()
    expect(report.problems).toEqual([])
    const fired = Object.fromEntries(
      report.cases.map(({ service, pairs }) => [
        service,
        pairs.filter((pair) => pair.fired).map(({ severity, pair }) => `${severity} ${pair}`),
      ]),
    )
    const tickets = ['ticket 1d/2h', 'ticket 3d/6h']
    expect(fired).toEqual({
      'errors-16': ['page 1h/5m', 'page 6h/30m', ...tickets],
      'errors-8': ['page 6h/30m', ...tickets],
      'errors-4': tickets,
      'errors-2': ['ticket 3d/6h'],
      'errors-0p9': [],
      'errors-12p96': ['page 6h/30m', ...tickets],
      'errors-5p4': tickets,
      'errors-2p7': ['ticket 3d/6h'],
      'low-traffic': [],
      'enough-traffic': ['page 1h/5m', 'page 6h/30m', ...tickets],
    })
    expect(report.verdict).toBe('held')
  })

  test('are named when a factor in the rules is another', async () => {
    const { verdict, problems } = await burn((groups) =>
      groups.map((group) => ({
        ...group,
        rules: group.rules.map((rule) => ({ ...rule, expr: rule.expr.replaceAll('> 0.06', '> 0.09') })),
      })),
    )
    expect(verdict).toBe('broken')
    expect(problems).toContain(
      'errors-8 (8 % of much traffic), page 6h/30m: expected to fire 45.0 s after the first error; it stayed silent',
    )
    expect(problems.filter((problem) => !problem.includes('page 6h/30m'))).toEqual([])
  })
})
