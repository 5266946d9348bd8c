import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { temporaryFolder } from '../../harness/core/temporary-folder-double.ts'
import { objectivesFolder, rulesDocument } from '../../harness/slo/generated-files.ts'
import { type Objective, pairsOf } from '../../harness/slo/objective.ts'
import { readObjectives } from '../../harness/slo/read-objectives.ts'
import { installComponents } from '../../harness/toolchain/install-components.ts'
import { decidedCases, judgeDecisions } from './decisions.ts'
import { slothPairs } from './sloth-pairs.ts'
import { slothRules } from './sloth-rules.ts'

/** Another generator, written by other people, comes to the same windows, factors and decisions from our objectives. */

const root = fileURLToPath(new URL('../..', import.meta.url))
const objectives = readObjectives(join(root, objectivesFolder))
const folder = temporaryFolder()
const sloth = new Map<string, string>()
let promtool: string

beforeAll(async () => {
  const [found] = await installComponents(['prometheus'])
  promtool = found?.binaries.promtool ?? ''
  for (const objective of objectives) sloth.set(objective.name, await slothRules(objective, folder.path))
}, 600_000)
afterAll(() => folder[Symbol.dispose]())

const rulesOf = ({ name }: Objective) => sloth.get(name) ?? ''

/** Only its own rules, or promtool evaluates those of every objective for each. */
async function decide(objective: Objective, slothsRules = rulesOf(objective)): Promise<string> {
  using own = temporaryFolder({
    'ours.yaml': stringify(rulesDocument([objective]), { lineWidth: 0 }),
    'sloths.yaml': slothsRules,
  })
  const ruleFiles = ['ours.yaml', 'sloths.yaml'].map((file) => join(own.path, file))
  const sloths = slothPairs(slothsRules)
  return await judgeDecisions(decidedCases(objective), { promtool, folder: own.path, ruleFiles, sloths })
}

const compared = (rules: string) => slothPairs(rules).map(({ expr: _, ...pair }) => pair)

const pairs = (objective: Objective) =>
  pairsOf(objective).map(({ severity, shortWindow, longWindow, factor }) => ({
    slo: objective.name,
    severity,
    short: shortWindow,
    long: longWindow,
    factor,
    errorBudget: Number((1 - objective.target).toPrecision(12)),
  }))

test('there are objectives that page, and at their boundaries every pair fires, and none', () => {
  const paging = objectives.filter(({ pages }) => pages)
  expect(paging.length).toBeGreaterThan(0)
  for (const objective of paging) {
    const decided = decidedCases(objective).flatMap(({ decisions }) => decisions)
    const fired = new Set(decided.flatMap(({ firing }) => firing.map(({ longWindow }) => longWindow)))
    expect([...fired].sort()).toEqual(['1d', '1h', '3d', '6h'])
    expect(decided.some(({ firing }) => firing.length === 0)).toBe(true)
  }
})

test.each(objectives)('$name: the same windows, factors, budgets and decisions', async (objective) => {
  expect(compared(rulesOf(objective))).toEqual(pairs(objective))
  expect(await decide(objective)).toBe('')
})

test.each([
  ['another factor', '(14.4 * 0.01)', '(14.3 * 0.01)'],
  ['another window', 'ratio_rate6h', 'ratio_rate2h'],
  ['another severity', 'severity: page', 'severity: ticket'],
] as const)('%s is told', async (_, from, to) => {
  const objective = objectives.find(({ pages }) => pages)
  if (objective === undefined) throw new Error('no objective pages')
  const edited = rulesOf(objective).replaceAll(from, to)
  expect(edited).not.toBe(rulesOf(objective))
  expect(compared(edited)).not.toEqual(pairs(objective))
  expect(await decide(objective, edited)).toMatch(/FAILED/)
})
