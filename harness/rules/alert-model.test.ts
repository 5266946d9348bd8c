import { expect, test } from 'vitest'
import { AlertModel, type ModelledRule } from './alert-model.ts'

const go = { app: 'go' }
const python = { app: 'python' }
const every = 10_000

/** The states of each evaluation, 10 s apart, as text: `-` for none. */
function states(
  rule: Partial<ModelledRule>,
  answers: readonly (readonly Record<string, string>[])[],
): string[] {
  const model = new AlertModel({ alert: 'Some', forMs: 0, keepFiringForMs: 0, labels: {}, ...rule })
  return answers.map((answer, index) => {
    const active = model.evaluate(index * every, answer)
    return active.map(({ labels, state }) => `${labels.app} ${state}`).join(', ') || '-'
  })
}

test('without `for` it fires with the first answer, and is over with the first that misses it', () => {
  expect(states({}, [[], [go], [go], []])).toEqual(['-', 'go firing', 'go firing', '-'])
})

test('it is pending until `for` has passed since the first answer', () => {
  expect(states({ forMs: 20_000 }, [[go], [go], [go], []])).toEqual([
    'go pending',
    'go pending',
    'go firing',
    '-',
  ])
})

test('`for` that is no multiple of the interval fires with the evaluation after it', () => {
  expect(states({ forMs: 15_000 }, [[go], [go], [go]])).toEqual(['go pending', 'go pending', 'go firing'])
})

test('one answer without it while it is pending begins `for` anew', () => {
  expect(states({ forMs: 10_000 }, [[go], [], [go], [go]])).toEqual([
    'go pending',
    '-',
    'go pending',
    'go firing',
  ])
})

test('`keep_firing_for` counts from the first answer that misses it, and ends exactly then', () => {
  expect(states({ keepFiringForMs: 20_000 }, [[go], [], [], []])).toEqual([
    'go firing',
    'go firing',
    'go firing',
    '-',
  ])
})

test('`keep_firing_for` begins anew when it comes back, and keeps nothing that is pending', () => {
  expect(states({ keepFiringForMs: 20_000 }, [[go], [], [go], [], [], []])).toEqual([
    ...Array(5).fill('go firing'),
    '-',
  ])
  expect(states({ forMs: 10_000, keepFiringForMs: 60_000 }, [[go], []])).toEqual(['go pending', '-'])
})

test('alerts of one rule live by themselves', () => {
  expect(states({ forMs: 10_000 }, [[go], [go, python], [python]])).toEqual([
    'go pending',
    'go firing, python pending',
    'python firing',
  ])
})

test("labels are the answer's without its name, then the rule's, then the alert's name", () => {
  const model = new AlertModel({
    alert: 'Some',
    forMs: 0,
    keepFiringForMs: 0,
    labels: { app: 'rule', severity: 'page' },
  })
  const [active] = model.evaluate(0, [{ __name__: 'up', app: 'go', alertname: 'other', pod: 'a' }])
  expect(active?.labels).toEqual({ app: 'rule', severity: 'page', alertname: 'Some', pod: 'a' })
})

test('two series that are one alert are refused, as the ruler refuses them', () => {
  const model = new AlertModel({ alert: 'Some', forMs: 0, keepFiringForMs: 0, labels: { app: 'rule' } })
  expect(() => model.evaluate(0, [go, python])).toThrow('two series of the answer have the same labels')
})
