import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { type CaseResult, reportOf } from './case-results.ts'
import { writeCasesAsJunit, writeCasesAsText } from './write-cases.ts'

const passed: CaseResult = {
  name: 'six are a ticket',
  signal: 'logs',
  file: 'alerts/tests/logs/a.yaml',
  where: 'alerts/tests/logs/a.yaml:3',
  delivered: true,
  failures: [],
}
const failed: CaseResult = {
  ...passed,
  name: 'five are <none>',
  where: 'alerts/tests/logs/a.yaml:9',
  delivered: false,
  failures: [
    {
      expected: 'at 1m A not firing',
      seen: 'firing {app="go"}',
      where: 'alerts/tests/logs/a.yaml:12',
      remedy: 'compare',
    },
  ],
}

test('one line a file, and a failure in full', () => {
  expect(stripVTControlCharacters(writeCasesAsText(reportOf([passed, failed], 1234), 80))).toBe(`\
✗ alerts/tests/logs/a.yaml  2 cases, 1 failed, 1 through the ruler

✗ five are <none>  (alerts/tests/logs/a.yaml:9)
  expected at 1m A not firing
    at:   alerts/tests/logs/a.yaml:12
    seen: firing {app="go"}
    try:  compare

1 of 2 cases passed in 1.2 s
`)
})

test.each([60, 80])('nothing is wider than %d columns, and a line of several keeps its indent', (columns) => {
  const [failure] = failed.failures
  const wide = {
    ...failed,
    name: 'a name that says at some length what the case is about, as names of cases do',
    failures: [
      {
        where: failure?.where ?? '',
        expected: 'at 1m A firing {app="go", namespace="apps", route="/v2", severity="ticket"}',
        seen: 'firing {app="go", route="/v1"}\nfiring {app="go", namespace="apps", route="/v2", severity="ticket"}',
        remedy: 'compare the lines of the case with the expression at alerts/logs/log-errors.yaml:12',
      },
    ],
  }
  const report = reportOf([passed, wide], 1234, '.signalproof/rules/1/logs')
  const lines = stripVTControlCharacters(writeCasesAsText(report, columns)).split('\n')
  expect(lines.filter((line) => line.length > columns)).toEqual([])
  expect(lines).toContainEqual(expect.stringMatching(/^ {10}firing \{app="go",/))
})

test('a run that keeps the logs of its stack says where', () => {
  const text = writeCasesAsText(reportOf([failed], 1234, '.signalproof/rules/1/logs'), 80)
  expect(text).toMatch(/\nthe logs of Loki and Alertmanager are in \.signalproof\/rules\/1\/logs\n$/)
})

test('the verdict is failed with one failure, and with no case at all', () => {
  expect(reportOf([passed], 1).verdict).toBe('passed')
  expect(reportOf([passed, failed], 1)).toMatchObject({
    verdict: 'failed',
    counts: { passed: 1, failed: 1, delivered: 1 },
  })
  expect(reportOf([], 1).verdict).toBe('failed')
})

test('the JUnit report has each case once, with its failures escaped', () => {
  const xml = writeCasesAsJunit(reportOf([passed, failed], 1234))
  expect(xml).toContain('<testsuite name="alerts/tests/logs/a.yaml" tests="2" failures="1">')
  expect(xml).toContain('name="five are &lt;none&gt;"')
  expect(xml).toContain(
    '<failure message="expected at 1m A not firing">seen: firing {app=&quot;go&quot;}\nat: ',
  )
})
