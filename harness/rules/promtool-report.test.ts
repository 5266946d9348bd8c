import { expect, test } from 'vitest'
import { readAlerts, readMismatch, readPromtoolReport } from './promtool-report.ts'

const mismatch = `    name: one,
    alertname: TargetDown, time: 1m30s, 
        exp:[
            0:
              Labels:{alertname="TargetDown", job="a"}
              Annotations:{log_query="{app=\\"x\\"} |= \`y\`", summary="1 < 2"}
            ], 
        got:[]`

const escaped = mismatch
  .replaceAll('&', '&amp;')
  .replaceAll('<', '&lt;')
  .replaceAll('"', '&#34;')
  .replaceAll('\n', '&#xA;')
const suite = (inner: string) =>
  `<testsuites><testsuite name="f" tests="2" failures="1" errors="0">${inner}</testsuite></testsuites>`

test('a case without failures has passed, and each failure keeps its words', () => {
  const report = readPromtoolReport(
    suite(
      `<testcase name="one"><failure message="" type="">${escaped}</failure></testcase><testcase name="it&#39;s well"></testcase>`,
    ),
    '',
    'a.yaml',
  )
  expect([...report.keys()]).toEqual(['one', "it's well"])
  expect(report.get("it's well")).toEqual([])
  expect(report.get('one')).toEqual([mismatch])
})

test('a mismatch is taken apart: alert, time, both sides', () => {
  const parts = readMismatch(mismatch)
  expect(parts).toMatchObject({ alert: 'TargetDown', time: '1m30s', seen: '[]' })
  expect(readAlerts(parts?.expected ?? '')).toEqual([
    {
      labels: { alertname: 'TargetDown', job: 'a' },
      annotations: { log_query: '{app="x"} |= `y`', summary: '1 < 2' },
    },
  ])
})

test('anything else that promtool says is no mismatch', () => {
  expect(readMismatch('    rule: TargetDown, time: 10s, err: vector cannot contain metrics')).toBeUndefined()
})

test.each([
  ['no report', 'promtool: error: no such file', /no such file/],
  ['', '', /at: {3}a\.yaml\n.*no report of promtool/],
  [
    suite(
      '<testcase name="x"><error>yaml: unmarshal errors:&#xA;  line 3: field foo not found</error></testcase>',
    ),
    '',
    / {2}at: {3}a\.yaml:3\n {2}seen: .*\n {2}line 3: field foo not found\n {2}try: {2}correct that line: the format is Prometheus/,
  ],
])('a report without cases is refused: %s', (xml, output, words) => {
  expect(() => readPromtoolReport(xml, output, 'a.yaml')).toThrow(words)
})
