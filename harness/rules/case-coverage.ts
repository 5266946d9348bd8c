import { formatDuration } from '../core/prometheus-duration.ts'
import type { AlertRule } from './alert-rules.ts'
import { type Inputs, inputsOfLines, inputsOfSeries, isLess } from './case-inputs.ts'
import { deliveredExpectations } from './delivered-case.ts'
import { gap } from './rule-gaps.ts'
import type { RuleTests } from './rule-tests.ts'

/**
 * Whether an alert's cases say when it fires, when it only just does not, and that it ends. It is read from what they
 * expect over time and not from a mark that anybody could set.
 */

/** What one case says about one alert. */
interface Story {
  readonly inputs: Inputs
  readonly evaluationMs: number
  readonly moments: readonly { readonly atMs: number; readonly fires: boolean }[]
}

/** @param exempt alerts that always fire, and so are never silent */
export function checkCases(tests: RuleTests, rulerEveryMs: number, exempt: readonly string[]): string[] {
  return tests.rules.flatMap((rule) => {
    const stories = storiesOf(rule, tests, rulerEveryMs)
    const missing = [
      ...(stories.some(fires) ? [] : [['a case in which it fires', 'give one with `firing`']]),
      ...(isDelivered(rule, tests)
        ? []
        : [['a case that goes through the real ruler', 'give the annotations of an alert that fires']]),
      ...(exempt.includes(rule.alert) ? [] : silences(stories)),
    ]
    const seen = `${stories.length} ${stories.length === 1 ? 'case' : 'cases'} of it`
    return missing.map(([expected = '', remedy = '']) =>
      gap(rule.lineOf(), rule.alert, expected, `none in ${seen}`, `${remedy} in alerts/tests/${rule.signal}`),
    )
  })
}

function silences(stories: readonly Story[]): string[][] {
  const [first] = stories
  const step = first === undefined ? '' : ` (${formatDuration(first.evaluationMs)})`
  return [
    ...(stories.some((story) => isEdge(story) || isTwinOfFiring(story, stories))
      ? []
      : [
          [
            'a case in which it only just does not fire',
            `let it be silent one evaluation${step} before it fires, or silent on the same series with other values, or on the same lines, fewer or at other times`,
          ],
        ]),
    ...(stories.some(resolves)
      ? []
      : [['a case in which it ends', 'let it fire, and be silent later in the same case']]),
  ]
}

const fires = ({ moments }: Story): boolean => moments.some((moment) => moment.fires)

/** Silent at one evaluation, firing at the very next. */
const isEdge = ({ moments, evaluationMs }: Story): boolean =>
  moments.some(
    (before) =>
      !before.fires && moments.some(({ atMs, fires: now }) => now && atMs === before.atMs + evaluationMs),
  )

/** Never firing, on what makes it fire in another case but for the values, or for the number or times of the lines. */
const isTwinOfFiring = (story: Story, stories: readonly Story[]): boolean =>
  !fires(story) && stories.some((other) => fires(other) && isLess(story.inputs, other.inputs))

const resolves = ({ moments }: Story): boolean =>
  moments.some(
    (during) => during.fires && moments.some(({ atMs, fires: still }) => !still && atMs > during.atMs),
  )

function storiesOf(rule: AlertRule, tests: RuleTests, rulerEveryMs: number): Story[] {
  const ofLogs = tests.logs.flatMap(({ test, cases }) =>
    test.ruleFile !== rule.file
      ? []
      : cases.map(({ logs, expect }) => ({
          inputs: inputsOfLines(logs),
          evaluationMs: rulerEveryMs,
          moments: expect.flatMap(({ at, alert, firing }) =>
            alert === rule.alert ? [{ atMs: at, fires: firing !== undefined }] : [],
          ),
        })),
  )
  const ofMetrics = tests.metrics.flatMap(({ test, cases }) =>
    !test.ruleFiles.includes(rule.file)
      ? []
      : cases.map(({ series, intervalText, expect }) => ({
          inputs: inputsOfSeries(series, intervalText),
          evaluationMs: test.evaluationMs,
          moments: expect.flatMap(({ atMs, alert, firing }) =>
            alert === rule.alert ? [{ atMs, fires: firing > 0 }] : [],
          ),
        })),
  )
  return [...ofLogs, ...ofMetrics].filter(({ moments }) => moments.length > 0)
}

/** promtool runs Prometheus' own evaluation; a log rule needs a case that is delivered. */
function isDelivered(rule: AlertRule, tests: RuleTests): boolean {
  if (rule.signal === 'metrics') return true
  return tests.logs.some(
    ({ test, cases }) =>
      test.ruleFile === rule.file &&
      cases.some((each) =>
        deliveredExpectations(each).some(({ expectation }) => expectation.alert === rule.alert),
      ),
  )
}
