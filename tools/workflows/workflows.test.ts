import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { lintWorkflows, workflowFiles } from './actionlint.ts'
import { workflowRulesBroken } from './workflow-rules.ts'

// Go compiles actionlint where its cache has none.
vi.setConfig({ testTimeout: 120_000 })

const repository = fileURLToPath(new URL('../..', import.meta.url))
const path = '.github/workflows/ci.yml'
let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'signalproof-workflows-'))
  for (const folder of ['.github', '.ci'])
    cpSync(join(repository, folder), join(root, folder), { recursive: true })
})
afterEach(() => rmSync(root, { recursive: true }))

/** Changes the copy of the workflow; what is changed has to be there. Gives the line of the change. */
function change(from: string, to: string): number {
  const text = readFileSync(join(root, path), 'utf8')
  const at = text.indexOf(from)
  expect(at).toBeGreaterThan(-1)
  writeFileSync(join(root, path), text.replace(from, to))
  return text.slice(0, at).split('\n').length
}

const lint = () => lintWorkflows(repository, root, [path])
const rules = () => workflowRulesBroken(root, path)

test('our workflows are good, and there are some', async () => {
  const files = await workflowFiles(repository)
  expect(files).toContain(path)
  expect(await lintWorkflows(repository, repository, files)).toBe('')
  expect(files.flatMap((file) => workflowRulesBroken(repository, file))).toEqual([])
})

test('the night runs what a push does not: everything with the cluster required, and production once', () => {
  const nightly = readFileSync(join(repository, '.github/workflows/nightly.yml'), 'utf8')
  expect(nightly).toMatch(/SIGNALPROOF_REQUIRE: k3s[\s\S]*run: make test$/m)
  expect(nightly).toMatch(/run: make verify ARGS="--env k3s --profile production /)
})

test('actionlint names the line of a mistake', async () => {
  const line = change('runs-on: ubuntu-latest', 'runs-on: ubuntu-lastest')
  expect(await lint()).toContain(`${path}:${line}:14: label "ubuntu-lastest" is unknown`)
})

test('a machine without Go is told so, and the check does not pass', async () => {
  const { stdout: bash } = await execa('bash', ['-c', 'command -v bash'])
  const path = join(root, 'path')
  mkdirSync(path)
  symlinkSync(bash, join(path, 'bash'))
  vi.stubEnv('PATH', path)
  const said = await lint().finally(() => vi.unstubAllEnvs())
  expect(said).toContain('actionlint runs by Go')
  expect(said).toContain('seen:     no go on PATH')
})

test.each([
  [
    'a job without a timeout',
    '    timeout-minutes: 10\n',
    '',
    0,
    'job unit-tests-python to have timeout-minutes',
  ],
  ['a job without permissions', '    permissions:\n      contents: read\n', '', 0, 'to have permissions'],
  ['rights for all jobs', 'permissions: {}', 'permissions: read-all', 0, '`permissions: {}` at the top'],
  ['no concurrency', 'concurrency:', 'x-concurrency:', 0, 'a `concurrency` group'],
  ['pull_request_target', '  pull_request:', '  pull_request_target:', 1, 'no pull_request_target'],
  ['a secret', 'run: go test ./... -v', `run: echo \${{ secrets.TOKEN }}`, 1, 'no secret'],
] as const)('%s is refused', (_, from, to, atLine, said) => {
  const line = change(from, to)
  const broken = rules()
  expect(broken.join('\n')).toContain(said)
  if (atLine === 1) expect(broken[0]).toContain(`${path}:${line}: `)
})

test('an action by a tag is refused with its line', () => {
  const commit = /actions\/setup-go@[0-9a-f]{40} # v[\d.]+/.exec(readFileSync(join(root, path), 'utf8'))?.[0]
  const line = change(commit ?? '', 'actions/setup-go@v6')
  expect(rules()).toEqual([
    `${path}:${line}: expected an action by its commit with its version: \`uses: owner/name@<40 hex> # v1.2.3\`; seen - uses: actions/setup-go@v6; try: pin it, on one line`,
  ])
})

test('an action that .ci/act has no stand-in for is refused', () => {
  rmSync(join(root, '.ci/act-actions/actions/setup-go'), { recursive: true })
  expect(rules()).toEqual([
    expect.stringMatching(
      /^\.github\/workflows\/ci\.yml:\d+: expected \.ci\/act-actions\/actions\/setup-go\//,
    ),
  ])
})

test('a workflow without a job is refused', () => {
  change('jobs:', 'x-jobs:')
  expect(rules()).toEqual([
    `${path}:1: expected at least one job; seen none; try: add one, or remove the workflow`,
  ])
})
