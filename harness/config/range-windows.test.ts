import { expect, test } from 'vitest'
import { mapWindows, type QueryLanguage, windowsMs } from './range-windows.ts'

test.each<[QueryLanguage, string, number[]]>([
  ['promql', 'vector(1)', []],
  ['promql', 'up == 0', []],
  ['promql', 'rate(x[5m])', [300_000]],
  ['promql', 'rate(x{path="/[1m]"}[ 2m ] offset 1h)', [120_000]],
  ['promql', 'rate(x[5m]) # not [1h]', [300_000]],
  ['promql', 'max_over_time(rate(x[1m])[1h30m:30s] @ end())', [60_000, 5_400_000]],
  ['promql', 'sum(rate(a[2m])) / sum(rate(b[4m])) > 0.1', [120_000, 240_000]],
  ['logql', '{app="a"} |= `[1m]`', []],
  ['logql', 'count_over_time({app="a"} |= `[1m]` [5m])', [300_000]],
  ['logql', 'rate({app="a"}[ 5m ] offset 1h)', [300_000]],
  ['logql', 'sum(rate({a="b"}[1m])) > sum(rate({a="c"}[2m]))', [60_000, 120_000]],
])('finds the windows of %s %s, in the order of the text', (language, expr, windows) => {
  expect(windowsMs(language, expr)).toEqual(windows)
})

test.each<[QueryLanguage, string, string]>([
  ['promql', 'rate(x{path="/[5m]"}[5m]) # [5m]', 'rate(x{path="/[5m]"}[300000ms]) # [5m]'],
  [
    'promql',
    'max_over_time(rate(x[1m])[5m:30s]) + rate(y[1m] offset 1m)',
    'max_over_time(rate(x[60000ms])[300000ms:30s]) + rate(y[60000ms] offset 1m)',
  ],
  [
    'logql',
    'rate({a="b"} |= `[1m]` [1m]) or rate({a="c"}[ 2m ])',
    'rate({a="b"} |= `[1m]` [60000ms]) or rate({a="c"}[ 120000ms ])',
  ],
])('changes the windows of %s %s and not a character more', (language, expr, changed) => {
  const toMs = (window: string) => `${windowsMs('promql', `x[${window}]`)}ms`
  expect(mapWindows(language, expr, toMs)).toBe(changed)
})

test.each<[QueryLanguage, string, string]>([
  ['promql', 'rate(x[5m)', 'a valid PromQL expression'],
  ['promql', 'sum(', 'a valid PromQL expression'],
  ['promql', 'rate(x[1.5m])', 'a valid PromQL expression'],
  ['logql', 'rate({app="a"}[5m', 'a valid LogQL expression'],
  ['logql', 'rate({app="a"}[5m:1m])', 'a valid LogQL expression'],
])('refuses %s %s with the place of the error', (language, expr, expected) => {
  expect(() => windowsMs(language, expr)).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      account: expect.objectContaining({
        expected,
        seen: expect.stringMatching(/^a syntax error at character \d+: …/),
      }),
    }),
  )
})

test.each([
  ['rate(x[300])', '[300] in rate(x[300])'],
  ['rate(x[5m + 1m])', '[5m + 1m] in rate(x[5m + 1m])'],
])('refuses the window of %s, which is no plain duration', (expr, seen) => {
  expect(() => windowsMs('promql', expr)).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      account: expect.objectContaining({ expected: 'a range window such as [5m]', seen }),
    }),
  )
})
