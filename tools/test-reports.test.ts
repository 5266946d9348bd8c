import { describe, expect, test } from 'vitest'
import { readGo, readJunit, readVitest } from './test-reports.ts'

describe("Vitest's report", () => {
  const file = (status: string, ...tests: string[]) => ({
    name: 'a.test.ts',
    status,
    message: status === 'failed' && tests.length === 0 ? 'cannot be read' : '',
    assertionResults: tests.map((each) => ({
      fullName: `it ${each}`,
      status: each,
      failureMessages: each === 'failed' ? ['Error: 1', 'Error: 2'] : [],
    })),
  })
  const report = (...testResults: object[]) => JSON.stringify({ success: true, testResults })

  test('is counted test by test, to do and left out as skipped', () => {
    const text = report(
      file('failed', 'passed', 'failed', 'skipped'),
      file('passed', 'passed', 'todo', 'pending'),
    )
    expect(readVitest(text)).toEqual({
      passed: 2,
      failed: 1,
      skipped: 3,
      failures: [{ test: 'it failed', words: 'Error: 1\nError: 2' }],
    })
  })

  test('a file that could not be read is a failure', () => {
    expect(readVitest(report(file('failed'), file('failed', 'passed')))).toEqual({
      passed: 1,
      failed: 2,
      skipped: 0,
      failures: [
        { test: 'a.test.ts', words: 'cannot be read' },
        { test: 'a.test.ts', words: '' },
      ],
    })
  })

  test.each(['', '{', '{}', '[]', '{"testResults":[{"status":"passed"}]}'])('%j is no report', (text) => {
    expect(() => readVitest(text)).toThrow()
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
    expect(readJunit(pytest)).toEqual({
      passed: 2,
      failed: 2,
      skipped: 1,
      failures: [
        { test: 'fails', words: '>  assert' },
        { test: 'is not set up', words: 'why' },
      ],
    })
  })

  test.each([
    ['<failure message="1 &lt; &#50;&#x21;"/>', '1 < 2!'],
    ['<failure message="short"><![CDATA[a < b]]> &amp; c</failure>', 'a < b & c'],
    ['<error message="short"></error>', 'short'],
    ['<system-out>not this</system-out><failure>this &unknown;</failure>', 'this &unknown;'],
  ])('%s says so', (inner, words) => {
    const { failures } = readJunit(`<testsuite><testcase name='b "b"'>${inner}</testcase></testsuite>`)
    expect(failures).toEqual([{ test: 'b "b"', words }])
  })

  test('an empty suite has no test', () => {
    expect(readJunit('<testsuite tests="0"/>')).toEqual({ passed: 0, failed: 0, skipped: 0, failures: [] })
  })

  test.each([
    ['', 'has <undefined> at its root'],
    ['<html></html>', 'has <html> at its root'],
    [pytest.slice(0, pytest.indexOf('</testsuites>')), 'ends before </testsuites>'],
    [pytest.slice(0, 200), 'cannot be read'],
    ['<testsuite><testcase></testsuite>', 'has </testsuite> at character 21 where it was not opened'],
    ['<testsuite><testcase name="<"/></testsuite>', 'cannot be read from character 11'],
  ])('%# is none', (text, why) => {
    expect(() => readJunit(text)).toThrow(why)
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
    expect(readGo(text)).toMatchObject({
      passed: 3,
      failed: 1,
      skipped: 1,
      failures: [{ test: 'p TestA/two', words: '' }],
    })
  })

  test('a test that failed although its subtests passed is a failure', () => {
    const said = { Action: 'output', Package: 'p', Test: 'TestA', Output: 'no\n' }
    const text = events(['pass', 'p', 'TestA/one'], ['fail', 'p', 'TestA'], ['fail', 'p'])
    expect(readGo(`${JSON.stringify(said)}\n${text}`)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
      failures: [{ test: 'p TestA', words: 'no\n' }],
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
    expect(readGo(text)).toMatchObject({
      passed: 2,
      failed: 2,
      skipped: 0,
      failures: [{ test: 'pa' }, { test: 'pb' }],
    })
  })

  test.each(['', '\n', 'panic: no json', '{"Package":"p"}', `${events(['pass', 'p', 'TestA'])}\n{"Act`])(
    '%j is no report',
    (text) => {
      expect(() => readGo(text)).toThrow()
    },
  )
})
