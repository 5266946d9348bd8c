import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { deliveredExpectations } from './delivered-case.ts'
import { requireJudgeable } from './log-case-limits.ts'
import { readLogTestFile } from './log-test-format.ts'

const lines = '{ app: go, at: 0s, text: x }'
const firing = (at: string, labels: string, more = ', annotations: { summary: s }') =>
  `{ at: ${at}, alert: A, firing: [{ labels: ${labels}${more} }] }`

function casesWith({ logs = lines, expect: expected }: { logs?: string; expect: readonly string[] }) {
  const text = `rules: ../../logs/a.yaml\ncases:\n  - name: one\n    logs:\n      - ${logs}\n    expect:\n${expected
    .map((each) => `      - ${each}\n`)
    .join('')}`
  using folder = temporaryFolder({ 'a.yaml': text })
  const file = join(folder.path, 'a.yaml')
  return { cases: readLogTestFile(file).cases, file: relative(process.cwd(), file) }
}

test('every moment that gives annotations is delivered, by itself', () => {
  const { cases, file } = casesWith({
    expect: [
      firing('10s', '{ app: a }'),
      '{ at: 20s, alert: A, none: true }',
      firing('30s', '{ app: a }', ''),
      firing('40s', '{ app: b }'),
    ],
  })
  requireJudgeable(cases, 10_000)
  expect(cases.flatMap(deliveredExpectations).map(({ where }) => where)).toEqual([`${file}:7`, `${file}:10`])
})

test.each<[what: string, given: Parameters<typeof casesWith>[0], line: number, seen: RegExp]>([
  [
    'annotations of one alert at two moments',
    { expect: [firing('10s', '{ app: a, b: c }'), firing('20s', '{ b: c, app: a }')] },
    8,
    /^others at .*a\.yaml:7$/,
  ],
  [
    'an alert without annotations beside the moment that delivers it',
    {
      expect: [
        firing('10s', '{ app: a }'),
        '{ at: 20s, alert: A, firing: [{ labels: { app: a } }, { labels: { app: b }, annotations: { s: s } }] }',
      ],
    },
    8,
    /^others at .*a\.yaml:7$/,
  ],
  [
    'annotations beside pending',
    {
      expect: [
        '{ at: 10s, alert: A, pending: [{ labels: {} }], firing: [{ labels: { app: a }, annotations: { s: s } }] }',
      ],
    },
    7,
    /`pending` beside them/,
  ],
  ['a moment between two evaluations', { expect: [firing('5s', '{}')] }, 7, /^5s$/],
  ['a moment after an hour', { expect: [firing('1h10s', '{}')] }, 7, /^1h10s$/],
  ['a line at the hour', { logs: '{ app: go, at: 1h, text: x }', expect: [firing('0s', '{}')] }, 5, /at 1h$/],
  [
    'a line after an hour',
    { logs: '{ app: go, at: 2h, text: x }', expect: [firing('0s', '{}')] },
    5,
    /at 2h$/,
  ],
  [
    'lines that end after an hour',
    { logs: '{ app: go, at: 30m, over: 40m, count: 2, text: x }', expect: [firing('0s', '{}')] },
    5,
    /at 1h10m$/,
  ],
])('%s: refused with file and line', (_, given, line, seen) => {
  const { cases, file } = casesWith(given)
  expect(() => requireJudgeable(cases, 10_000)).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      exitStatus: 2,
      account: expect.objectContaining({ where: `${file}:${line}`, seen: expect.stringMatching(seen) }),
    }),
  )
})

test('a line just before the hour and a moment at it are still a case', () => {
  const { cases } = casesWith({
    logs: '{ app: go, at: 30m, over: 29m59s, count: 2, text: x }',
    expect: [firing('1h', '{}')],
  })
  expect(() => requireJudgeable(cases, 10_000)).not.toThrow()
})
