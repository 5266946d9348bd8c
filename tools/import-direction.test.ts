import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkImportDirection, writeViolation } from './import-direction.ts'
import { importRules } from './import-rules.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'signalproof-imports-'))
  for (const [path, text] of Object.entries(allowedTree)) put(path, text)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** A small repository in which every kind of allowed import occurs. */
const allowedTree = {
  'package.json': '{}',
  'vitest.config.ts': `import { defineConfig } from 'vitest/config'`,
  'harness/core/clock.ts': `import { hrtime } from 'node:process'\nexport interface Clock { now: typeof hrtime }`,
  'harness/config/schema.ts': `import { z } from 'zod'\nexport type { Clock } from '../core/clock.ts'\nexport { z }`,
  'harness/kube/client.ts': `import { KubeConfig } from '@kubernetes/client-node'\nexport const kube = KubeConfig`,
  'harness/backends/loki.ts': `import '../config/schema.ts'`,
  'harness/backends/loki.test.ts': `import { test } from 'vitest'\nimport '../kube/client.ts'\nimport './loki.ts'`,
  'harness/backends/loki-double.ts': `export { vi } from 'vitest'`,
  'harness/faults/fault.ts': `export {}`,
  'harness/claims/judge.ts': `import { expect } from 'vitest'\nimport '../faults/fault.ts'\nexport { expect }`,
  'harness/report/result.ts': `import '../claims/judge.ts'\nimport '../../package.json' with { type: 'json' }`,
  'harness/test.ts': `export { test } from 'vitest'\nexport * from './report/result.ts'`,
  'harness/global-setup.ts': `export type P = import('./report/result.ts').P`,
  'harness/cli/main.ts': `await using file = await (await import('../global-setup.ts')).open()`,
  'scenarios/logs/stored.test.ts': `import { test } from '../../harness/test.ts'\nimport '../stories/burst.ts'`,
  'scenarios/stories/burst.ts': `import { story } from '../../harness/test.ts'\nexport const burst = story`,
  'apps/node-service/src/serve.ts': `import { createServer } from 'node:http'\nexport { createServer }`,
  'apps/frontend/src/main.ts': `import express from 'express'\nimport '../../node-service/src/serve.ts'\nexport { express }`,
  'apps/frontend/test/page.test.ts': `import 'vitest'\nimport '../src/main.ts'`,
  'tools/check.ts': `import '../harness/core/clock.ts'`,
}

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

test('a tree in which every import is allowed is green, and was read', () => {
  const report = checkImportDirection(root)
  expect(report.violations).toEqual([])
  expect(report).toMatchObject({ files: Object.keys(allowedTree).length - 1, imports: 27 })
})

test('a tree without a TypeScript file is refused, not green', () => {
  rmSync(root, { recursive: true })
  expect(() => checkImportDirection(root)).toThrow('no import was judged')
})

interface Forbidden {
  readonly rule: string
  readonly from: string
  readonly to: string
  readonly text: string
}

const forbidden: readonly Forbidden[] = [
  row('harness-direction', 'harness/core/up.ts', 'harness/cli/main.ts', `import '../cli/main.ts'`),
  row(
    'harness-direction',
    'harness/core/up.ts',
    'harness/cli/main.ts',
    `import type { A } from '../cli/main.ts'`,
  ),
  row(
    'harness-direction',
    'harness/core/up.ts',
    'harness/cli/main.ts',
    `import { type A } from '../cli/main.ts'`,
  ),
  row('harness-direction', 'harness/core/up.ts', 'harness/cli/main.ts', `export * from '../cli/main.ts'`),
  row('harness-direction', 'harness/core/up.ts', 'harness/cli/main.ts', `await import('../cli/main.ts')`),
  row(
    'harness-direction',
    'harness/core/up.ts',
    'harness/cli/main.ts',
    `let a: Awaited<import('../cli/main.ts').A>`,
  ),
  row(
    'harness-direction',
    'harness/core/up.ts',
    'harness/cli/main.ts',
    `import m = require('../cli/main.ts')`,
  ),
  row('harness-direction', 'harness/core/up.test.ts', 'harness/cli/main.ts', `import '../cli/main.ts'`),
  row('harness-direction', 'harness/backends/up.ts', 'harness/kube/client.ts', `import '../kube/client.ts'`),
  row('harness-direction', 'harness/faults/up.ts', 'harness/claims/judge.ts', `import '../claims/judge.ts'`),
  row(
    'harness-direction',
    'harness/claims/up.ts',
    'harness/report/result.ts',
    `import '../report/result.ts'`,
  ),
  row('harness-direction', 'harness/report/up.ts', 'harness/test.ts', `import '../test.ts'`),
  row('harness-direction', 'harness/vitest-reporter.ts', 'harness/cli/main.ts', `import './cli/main.ts'`),
  row('harness-stands-alone', 'harness/core/up.ts', 'tools/check.ts', `import '../../tools/check.ts'`),
  row(
    'scenarios-by-the-door',
    'scenarios/a/b.test.ts',
    'harness/core/clock.ts',
    `import '../../harness/core/clock.ts'`,
  ),
  row('scenarios-by-the-door', 'scenarios/a/b.test.ts', 'axios', `import axios from 'axios'`),
  row('scenarios-by-the-door', 'scenarios/a/b.test.ts', 'node:fs', `import 'node:fs'`),
  row(
    'scenarios-are-not-imported',
    'scenarios/a/b.test.ts',
    'scenarios/logs/stored.test.ts',
    `import '../logs/stored.test.ts'`,
  ),
  row(
    'scenarios-are-not-imported',
    'tools/up.ts',
    'scenarios/stories/burst.ts',
    `import '../scenarios/stories/burst.ts'`,
  ),
  row(
    'scenarios-are-not-imported',
    'tools/up.test.ts',
    'scenarios/logs/stored.test.ts',
    `import '../scenarios/logs/stored.test.ts'`,
  ),
  row(
    'apps-stand-alone',
    'apps/frontend/src/up.ts',
    'harness/core/clock.ts',
    `import '../../../harness/core/clock.ts'`,
  ),
  row(
    'apps-stand-alone',
    'apps/alert-receiver/src/up.ts',
    'apps/frontend/src/main.ts',
    `import '../../frontend/src/main.ts'`,
  ),
  row(
    'apps-are-not-imported',
    'harness/environments/up.ts',
    'apps/frontend/src/main.ts',
    `import '../../apps/frontend/src/main.ts'`,
  ),
  row(
    'tests-are-not-imported',
    'harness/backends/up.ts',
    'harness/backends/loki-double.ts',
    `import './loki-double.ts'`,
  ),
  row(
    'kubernetes-client-in-kube',
    'harness/environments/up.ts',
    '@kubernetes/client-node',
    `import '@kubernetes/client-node'`,
  ),
  row('vitest-in-its-rooms', 'harness/timeline/up.ts', 'vitest', `import type { Test } from 'vitest'`),
  row('vitest-in-its-rooms', 'tools/up.ts', 'vitest/node', `import 'vitest/node'`),
  row('known-place', 'harness/utils/up.ts', 'harness/utils/up.ts', `export {}`),
  row('target-exists', 'tools/up.ts', 'tools/gone.ts', `import './gone.ts'`),
  row('inside-the-repository', 'tools/up.ts', '../outside.ts', `import '../../outside.ts'`),
  row('no-cycles', 'tools/two.ts', 'tools/one.ts', `import type { A } from './one.ts'`),
]

function row(rule: string, from: string, to: string, text: string): Forbidden {
  return { rule, from, to, text }
}

describe('a forbidden import is red with the name of its rule and both files', () => {
  test.each(forbidden)('$rule: $from imports $to by $text', ({ rule, from, to, text }) => {
    if (rule === 'no-cycles') put('tools/one.ts', `import './two.ts'`)
    put(from, `export const first = 1\n${text}`)

    const [violation, ...more] = checkImportDirection(root).violations

    expect(more).toEqual([])
    expect(violation).toMatchObject({ rule, from, to, line: rule === 'known-place' ? 1 : 2 })
    expect(violation && writeViolation(violation)).toContain(
      `${rule}: ${from}:${violation?.line} imports ${to}\n  expected: `,
    )
  })

  test('every rule of the table has a forbidden import here', () => {
    const seen = new Set(forbidden.map(({ rule }) => rule))
    expect(importRules.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([])
  })
})

test('a file that is not TypeScript is refused with its name', () => {
  put('tools/broken.ts', 'import {')
  expect(() => checkImportDirection(root)).toThrow('tools/broken.ts is not TypeScript')
})
