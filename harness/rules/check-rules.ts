import { join } from 'node:path'
import type { SignalproofConfig } from '../config/config-schema.ts'
import { loadConfig } from '../config/load-config.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { checkAlwaysFiring, readAlwaysFiring } from './always-firing.ts'
import { checkCases } from './case-coverage.ts'
import { requireJudgeable } from './log-case-limits.ts'
import { checkLabelsAndAnnotations, checkRunbooks } from './rule-surroundings.ts'
import { readRuleTests } from './rule-tests.ts'
import { rulerEveryMs } from './ruler-interval.ts'
import { checkMissingTargets } from './watched-targets.ts'

/** What every alert of a project has to have, judged without running anything. One text for each gap; empty for none. */
export async function checkRules(from: string): Promise<string[]> {
  const project = await loadConfig(from)
  const { config, root } = project
  return checkAlerts(join(root, config.sources.alerts), config, rulerEveryMs(project))
}

/** As checkRules, for a folder of alerts. */
export function checkAlerts(folder: string, config: SignalproofConfig, everyMs: number): string[] {
  try {
    const tests = readRuleTests(folder)
    requireJudgeable(
      tests.logs.flatMap(({ cases }) => cases),
      everyMs,
    )
    const exempt = readAlwaysFiring(join(folder, 'tests', 'always-firing.yaml'))
    const exemptNames = exempt.map(({ alert }) => alert)
    return [
      ...checkCases(tests, everyMs, exemptNames),
      ...checkAlwaysFiring(exempt, tests.rules),
      ...checkLabelsAndAnnotations(tests.rules, config.logs.namespace),
      ...checkRunbooks(tests.rules, join(folder, 'runbooks')),
      ...checkMissingTargets(tests.rules, config),
    ]
  } catch (thrown) {
    // A file that cannot be read as what it is says so in its own words.
    if (thrown instanceof SignalproofError) return [thrown.message]
    throw thrown
  }
}
