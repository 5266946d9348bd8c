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
  expect(stripVTControlCharacters(writeCasesAsText(reportOf([passed, failed], 1234)))).toBe(`\
✗ alerts/tests/logs/a.yaml  2 cases, 1 failed, 1 through the ruler

✗ five are <none>  (alerts/tests/logs/a.yaml:9)
  expected at 1m A not firing
    at:   alerts/tests/logs/a.yaml:12
    seen: firing {app="go"}
    try:  compare

1 of 2 cases passed in 1.2 s
`)
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
