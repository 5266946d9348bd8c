import { applyProfile } from '../config/time-profiles.ts'
import { readYamlFile } from '../config/yaml-file.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { deliveredExpectations } from './delivered-case.ts'
import { shownPath } from './log-test-format.ts'
import type { RuleTests } from './rule-tests.ts'

/**
 * The rule files that the real ruler gets, as documents in the fast profile: those of the cases that give annotations
 * and no others, because a duration that the profile does not know stops the run.
 * @throws SignalproofError CONFIG_UNREADABLE; CONFIG_INVALID naming the file and the alert
 */
export function readFastRules({ logs }: RuleTests): ReadonlyMap<string, unknown> {
  const files = logs
    .filter(({ cases }) => cases.some((each) => deliveredExpectations(each).length > 0))
    .map(({ test }) => test.ruleFile)
  return new Map([...new Set(files)].map((file) => [file, inFastProfile(file)]))
}

function inFastProfile(file: string): unknown {
  const document = readYamlFile(file)
  try {
    return applyProfile('fast', { 'log-rules': document })['log-rules']
  } catch (thrown) {
    if (!(thrown instanceof SignalproofError)) throw thrown
    throw new SignalproofError('CONFIG_INVALID', {
      ...thrown.account,
      where: `${shownPath(file)} ${thrown.account.where ?? ''}`.trimEnd(),
      remedy: 'use one of these: a case that gives annotations runs its rule file in the fast profile',
      cause: thrown,
    })
  }
}
