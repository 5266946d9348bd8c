import { expect, test } from 'vitest'
import { writeJunit } from './junit.ts'
import { claimDouble, loadedSeed, recordOf, resultOf } from './run-doubles.ts'

const blocked = {
  verdict: 'blocked',
  reason: 'needs logs.stored, which is broken: nothing to judge',
} as const

test('has a suite for each layer, with its counts and its time', () => {
  const claims = [
    claimDouble('logs.stored', { verdict: 'broken', reason: 'WAIT_TIMEOUT: expected a line', ms: 1_234.5 }),
    claimDouble('logs.counted', blocked),
    claimDouble('logs.traced', { verdict: 'skipped', reason: 'no traces' }),
    claimDouble('alerts.fires'),
  ]
  const lines = writeJunit(resultOf(recordOf(claims))).split('\n')
  expect(lines[0]).toBe('<?xml version="1.0" encoding="UTF-8"?>')
  expect(lines[1]).toBe('<testsuites name="signalproof" time="10.000">')
  expect(lines.filter((line) => line.startsWith('  <testsuite '))).toEqual([
    '  <testsuite name="logs" tests="3" failures="1" errors="0" skipped="2" time="1.435">',
    '  <testsuite name="alerts" tests="1" failures="0" errors="0" skipped="0" time="0.100">',
  ])
  expect(lines.at(-2)).toBe('</testsuites>')
})

test('a proven claim is a case by its id and its sentence', () => {
  expect(writeJunit(resultOf(recordOf([claimDouble('logs.stored')])))).toContain(
    '    <testcase classname="logs" name="logs.stored: the sentence of logs.stored" time="0.100"/>\n',
  )
})

test('a broken claim is a failure with its first line as the message and all of it as the text', () => {
  const reason = 'CLAIM_BROKEN: expected 6\n  seen: 5\n  try:  look'
  const junit = writeJunit(resultOf(recordOf([claimDouble('logs.a', { verdict: 'broken', reason })])))
  expect(junit).toContain(
    '      <failure message="CLAIM_BROKEN: expected 6">CLAIM_BROKEN: expected 6&#10;  seen: 5&#10;  try:  look</failure>\n',
  )
})

test('a blocked claim and a skipped one carry their reason', () => {
  const claims = [
    claimDouble('logs.a', blocked),
    claimDouble('logs.b', { verdict: 'skipped', reason: 'no traces' }),
  ]
  const junit = writeJunit(resultOf(recordOf([...claims, claimDouble('logs.c')])))
  expect(junit).toContain(`<skipped message="blocked: ${blocked.reason}"/>`)
  expect(junit).toContain('<skipped message="skipped: no traces"/>')
})

test('escapes what XML has a meaning for', () => {
  const reason = `{app="a"} <b> & 'c' > 5`
  const junit = writeJunit(
    resultOf(recordOf([claimDouble('logs.a', { verdict: 'broken', reason, title: 'a < b & "c"' })])),
  )
  expect(junit).toContain(`message="{app=&quot;a&quot;} &lt;b&gt; &amp; 'c' &gt; 5"`)
  expect(junit).toContain('name="logs.a: a &lt; b &amp; &quot;c&quot;"')
})

test('no control character is left that XML cannot hold, and nothing else is lost', () => {
  const controls = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join('')
  const reason = `\u001b[31mred\u001b[39m ${controls} é 日本 ✗`
  const junit = writeJunit(resultOf(recordOf([claimDouble('logs.a', { verdict: 'broken', reason })])))
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must be gone
  expect(junit).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/)
  expect(junit).toContain('�[31mred�[39m')
  expect(junit).toContain(' é 日本 ✗')
})

test('an invalid run is an error, so that a report without failures is not read as proof', () => {
  const junit = writeJunit(
    resultOf(recordOf([claimDouble('logs.a')]), { outsideClaims: ['loki <died>\nlast line'] }),
  )
  expect(junit).toContain(
    '<testsuite name="environment" tests="1" failures="0" errors="1" skipped="0" time="0">',
  )
  expect(junit).toContain('<error message="loki &lt;died&gt;">loki &lt;died&gt;&#10;last line</error>')
  expect(junit).toContain('<testsuite name="logs" tests="1"')
})

test('every element that is opened is closed', () => {
  const claims = [
    claimDouble('logs.a'),
    claimDouble('logs.b', blocked),
    claimDouble('alerts.c', { verdict: 'broken', reason: '</failure>' }),
  ]
  const junit = writeJunit(resultOf(recordOf(claims), { interrupted: true }))
  const open: string[] = []
  for (const [, closing, name, rest] of junit.matchAll(/<(\/?)([a-z]+)((?:\s+[a-z]+="[^"<]*")*\/?)>/g)) {
    if (closing === '/') expect(open.pop()).toBe(name)
    else if (!rest?.endsWith('/')) open.push(name ?? '')
  }
  expect(open).toEqual([])
})

test('says of figures on unproven signals that they are', () => {
  const of = (basis: 'unproven' | 'this run') =>
    writeJunit(resultOf(recordOf([claimDouble('load.generated')]), { seed: loadedSeed({ basis }) }))
  expect(of('unproven')).toContain('<testsuites name="signalproof, UNPROVEN SIGNALS: ')
  expect(of('this run')).not.toContain('UNPROVEN')
})
