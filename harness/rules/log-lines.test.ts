import { expect, test } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { writeLines } from './log-lines.ts'
import { readLogTestFile } from './log-test-format.ts'

function linesOf(entries: string): ReturnType<typeof writeLines> {
  using folder = temporaryFolder({
    'logs.yaml': `rules: x.yaml\ncases:\n  - name: one\n    expect: [{ at: 0s, alert: A, none: true }]\n    logs:\n${entries}`,
  })
  const [one] = readLogTestFile(`${folder.path}/logs.yaml`).cases
  return writeLines(one?.logs ?? [], 'apps')
}

test('lines are spread from `at` to `at + over`, and a line of a moment lies in it', () => {
  const lines = linesOf('      - { app: go, at: 10s, count: 3, over: 20s, text: "line {n}" }')
  expect(lines.map(({ text }) => text)).toEqual(['line 1', 'line 2', 'line 3'])
  expect(lines.map(({ atNs }) => atNs)).toEqual([10_000_000_000n, 19_999_999_999n, 29_999_999_998n])
})

test('lines of one moment have a time of their own: Loki drops what is the same twice', () => {
  const lines = linesOf('      - { app: go, at: 0s, count: 50, text: same }')
  expect(new Set(lines.map(({ atNs }) => atNs)).size).toBe(50)
})

test('an app stands for the labels that the collector gives to its lines', () => {
  const [line] = linesOf('      - { app: go, at: 0s, text: x }')
  expect(line?.stream).toEqual({ namespace: 'apps', app: 'go', pod: 'go-0', container: 'go' })
})

test("the JSON form is our apps' line with the given fields, and null leaves one out", () => {
  const [line] = linesOf('      - { app: go, at: 0s, json: { status: "500", route: /x, level: null } }')
  const fields = JSON.parse(line?.text ?? '')
  expect(fields).toMatchObject({ status: '500', route: '/x', path: '/x', msg: 'request', method: 'GET' })
  expect(fields).not.toHaveProperty('level')
})

test('the access form is the line of a web server', () => {
  const [line] = linesOf(
    '      - { app: go, at: 1m1s, access: { path: "/x?n={n}", status: 502, size: "-" } }',
  )
  expect(line?.text).toBe(
    '10.42.0.7 - - [01/Jan/2026:00:01:01 +0000] "GET /x?n=1 HTTP/1.1" 502 - "-" "curl/8.5.0"',
  )
})
