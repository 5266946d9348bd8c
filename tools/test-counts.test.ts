import { describe, expect, test } from 'vitest'
import { countGo, countJunit, countVitest } from './test-counts.ts'

describe("Vitest's report", () => {
  const file = (status: string, ...tests: string[]) => ({
    status,
    assertionResults: tests.map((each) => ({ status: each })),
  })
  const report = (...testResults: object[]) => JSON.stringify({ success: true, testResults })

  test('is counted test by test, to do and left out as skipped', () => {
    const text = report(
      file('failed', 'passed', 'failed', 'skipped'),
      file('passed', 'passed', 'todo', 'pending'),
    )
    expect(countVitest(text)).toEqual({ passed: 2, failed: 1, skipped: 3 })
  })

  test('a file that could not be read is a failure', () => {
    expect(countVitest(report(file('failed'), file('failed', 'passed')))).toEqual({
      passed: 1,
      failed: 2,
      skipped: 0,
    })
  })

  test.each(['', '{', '{}', '[]', '{"testResults":[{"status":"passed"}]}'])('%j is no report', (text) => {
    expect(() => countVitest(text)).toThrow()
  })
})

describe('a JUnit report', () => {
  const pytest = `<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest" errors="1" failures="1" skipped="1" tests="5">
<properties><property name="failure" value="no case's"/></properties>
<testcase classname="a" name="passes &lt;failure/> &gt; 1" time="0.000" />
<testcase classname="a" name="prints"><system-out><![CDATA[<failure>]]></system-out></testcase>
<testcase classname="a" name="fails"><failure message="1 == 2">&gt;  assert</failure></testcase>
<testcase classname='a' name='is not set up'><error message="boom"><!-- <skipped/> -->why</error></testcase>
<testcase classname="a" name="is skipped"><skipped type="pytest.skip" message="why"/></testcase>
</testsuite></testsuites>
`.replace('&lt;failure/> ', '&lt;failure/&gt; ')

  test('is counted case by case, an error as a failure', () => {
    expect(countJunit(pytest)).toEqual({ passed: 2, failed: 2, skipped: 1 })
  })

  test('an empty suite has no test', () => {
    expect(countJunit('<testsuite tests="0"/>')).toEqual({ passed: 0, failed: 0, skipped: 0 })
  })

  test.each([
    ['', 'has <undefined> at its root'],
    ['<html></html>', 'has <html> at its root'],
    [pytest.slice(0, pytest.indexOf('</testsuites>')), 'ends before </testsuites>'],
    [pytest.slice(0, 200), 'cannot be read'],
    ['<testsuite><testcase></testsuite>', 'has </testsuite> at character 21 where it was not opened'],
    ['<testsuite><testcase name="<"/></testsuite>', 'cannot be read from character 11'],
  ])('%# is none', (text, why) => {
    expect(() => countJunit(text)).toThrow(why)
  })
})

describe('the events of go test', () => {
  const events = (...list: [action: string, name: string, test?: string][]) =>
    list.map(([Action, Package, Test]) => JSON.stringify({ Action, Package, Test })).join('\n')

  test('are counted by subtest where there are any', () => {
    const text = events(
      ['run', 'p', 'TestA'],
      ['pass', 'p', 'TestA/one'],
      ['fail', 'p', 'TestA/two'],
      ['fail', 'p', 'TestA'],
      ['skip', 'p', 'TestB'],
      ['pass', 'p', 'TestAB'],
      ['fail', 'p'],
      ['pass', 'q', 'TestA'],
      ['pass', 'q'],
      ['skip', 'r'],
    )
    expect(countGo(text)).toEqual({ passed: 3, failed: 1, skipped: 1 })
  })

  test('a test that failed although its subtests passed is a failure', () => {
    expect(countGo(events(['pass', 'p', 'TestA/one'], ['fail', 'p', 'TestA'], ['fail', 'p']))).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    })
  })

  test('a package that was not built or that panicked is a failure', () => {
    const text = events(
      ['pass', 'pa', 'TestA'],
      ['fail', 'pa'],
      ['fail', 'pb'],
      ['pass', 'p', 'TestA'],
      ['pass', 'p'],
    )
    expect(countGo(text)).toEqual({ passed: 2, failed: 2, skipped: 0 })
  })

  test.each(['', '\n', 'panic: no json', '{"Package":"p"}', `${events(['pass', 'p', 'TestA'])}\n{"Act`])(
    '%j is no report',
    (text) => {
      expect(() => countGo(text)).toThrow()
    },
  )
})
