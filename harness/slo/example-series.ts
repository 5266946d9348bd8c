import { parser } from '@prometheus-io/lezer-promql'
import { SignalproofError } from '../core/signalproof-error.ts'
import type { Objective } from './objective.ts'

/** One series for each kind of event that an objective tells apart, for the tests of its rules. */
export interface ExampleSeries {
  readonly series: string
  /** What the series counts. */
  readonly counts: 'bad' | 'good' | 'total'
}

/** @throws SignalproofError CONFIG_INVALID for a matcher that no example is known for */
export function exampleSeries(objective: Objective): ExampleSeries[] {
  const kind = objective.bad === undefined ? 'good' : 'bad'
  const part = matchersOf(objective.bad ?? objective.good ?? '')
  const total = matchersOf(objective.total)
  const labels = { ...labelsOf(total, objective), ...labelsOf(part, objective) }
  const counted: ExampleSeries = { series: written(part.metric, labels), counts: kind }
  if (part.metric !== total.metric) {
    return [counted, { series: written(total.metric, labelsOf(total, objective)), counts: 'total' }]
  }
  // The rest of the same counter: with what the part asks for, and the whole does not, as something else.
  const own = part.matchers.filter(({ label }) => total.matchers.every((other) => other.label !== label))
  const rest = { ...labels, ...Object.fromEntries(own.map(({ label }) => [label, 'other'])) }
  const counts = kind === 'bad' ? 'good' : 'bad'
  return [counted, { series: written(total.metric, rest), counts }]
}

interface Matcher {
  readonly label: string
  readonly operator: string
  readonly value: string
}

function matchersOf(selector: string): { metric: string; matchers: Matcher[] } {
  let metric = ''
  const matchers: Matcher[] = []
  parser.parse(selector).iterate({
    enter: ({ name, node, from, to }) => {
      if (name === 'Identifier') metric = selector.slice(from, to)
      if (name !== 'UnquotedLabelMatcher') return
      const [label = '', operator = '', value = ''] = ['LabelName', 'MatchOp', 'StringLiteral'].map(
        (child) => {
          const found = node.getChild(child)
          return found === null ? '' : selector.slice(found.from, found.to)
        },
      )
      matchers.push({ label, operator, value: value.slice(1, -1) })
    },
  })
  return { metric, matchers }
}

/** A dot of a pattern stands for one character; a pattern with more than dots is not guessed at. */
function labelsOf(
  { matchers }: { matchers: readonly Matcher[] },
  objective: Objective,
): Record<string, string> {
  return Object.fromEntries(
    matchers
      .filter(({ operator }) => !operator.startsWith('!'))
      .map(({ label, operator, value }) => {
        if (operator === '=') return [label, value]
        const example = (value.split('|')[0] ?? '').replaceAll('.', '0')
        if (/^[\w-]+$/.test(example)) return [label, example]
        throw new SignalproofError('CONFIG_INVALID', {
          expected:
            'a pattern of characters, dots and |, so that the tests of the rules have a series to match',
          seen: `${label}=~"${value}"`,
          where: objective.lineOf(['spec', 'indicator']),
          remedy: 'write the pattern out, or match by equality',
        })
      }),
  )
}

const written = (metric: string, labels: Readonly<Record<string, string>>): string =>
  `${metric}{${Object.entries(labels)
    .map(([label, value]) => `${label}="${value}"`)
    .join(', ')}}`
