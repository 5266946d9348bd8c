import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { checkPage } from './check-page.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** A type check and what vitest/node takes to load, beside other tests. */
const timeout = 60_000

const check = (text: string) => checkPage(root, 'README.md', text)
const block = (language: string, ...lines: readonly string[]) =>
  ['# A page', '', `\`\`\`${language}`, ...lines, '```'].join('\n')

test.each([
  'README.md',
  'dashboards/README.md',
  'apps/available-schedules-go/README.md',
  'apps/available-schedules-python/README.md',
])('what %s shows is there', { timeout }, async (path) => {
  expect(await checkPage(root, path, readFileSync(join(root, path), 'utf8'))).toEqual([])
})

test.each([
  ['a target that is not there', 'make verifi', /verifi/],
  ['an unknown option', 'make verify ARGS="--sett a:b=c"', /unknown option '--sett'/],
  ['an unknown layer', 'npm run verify -- trace', /trace, which is no folder of scenarios/],
  ['a layer that is no folder', 'npx vitest run scenarios/log', /scenarios\/log, which is not there/],
  ['an unknown command', 'signalproof verifi', /unknown command 'verifi'/],
  ['an unknown script', 'npm run benches', /benches, which is no script/],
  ['a path that --set does not find', "npm run verify -- --set 'loki:ruler.wall.dir=/'", /SET_PATH_UNKNOWN/],
  [
    'a path that --set does not find on the cluster',
    "npm run verify -- --env k3s --set 'objects:Services.apps.frontend.spec={}'",
    /SET_PATH_UNKNOWN.*Service\.apps\.frontend/,
  ],
  [
    'a setting of the other environment',
    "npm run verify -- --set 'objects:Service.apps.frontend.spec={}'",
    /only Kubernetes \(--env k3s\) has objects/,
  ],
  ['a job that CI does not have', 'act -j unit-tests-ruby', /unit-tests-ruby, which is no job/],
  ['a folder that is not there', 'cd apps/available-schedules-ruby', /available-schedules-ruby/],
  ['a package that Go does not find', 'cd apps/available-schedules-go && go test ./cmd/...', /no package/],
  ['requirements that are not there', 'pip install -r requirements.txt', /requirements.txt/],
  ['a script that is not there', 'bash .ci/acts', /\.ci\/acts/],
  [
    'an address that no stack has',
    'curl "$(npx signalproof status --json | jq -r .addresses.jaeger)/api"',
    /addresses\.jaeger/,
  ],
  ['a program that nobody judges', 'kubectl apply', /the program kubectl/],
  ['a claim in a remark', 'make verify # logs.storred', /seen logs\.storred/],
] as const)('%s is named with its line', { timeout }, async (_, command, said) => {
  const problems = await check(block('sh', 'make check', command))
  expect(problems).toEqual([expect.stringMatching(/^README\.md:5: expected /)])
  expect(problems[0]).toMatch(said)
})

test.each([
  ['a stale claim', '  ✗ alerts.delivred      BROKEN', 'alerts.delivred'],
  ['a stale error code', '  WAIT_TIMED_OUT: expected delivered', 'WAIT_TIMED_OUT'],
  ['a stale alert', '  LogErrorBurst          ticket        5.2 s      6.5 s', 'LogErrorBurst'],
  ['a stale hop', '  stored_     1 ms of     2 ms'.replace('_', 'x'), 'storedx'],
])('%s in a sample is named with its line', { timeout }, async (_, row, name) => {
  const good = '$ make verify\n  ✗ alerts.delivered   BROKEN\n  stored    118 ms of   150 ms  █'
  expect(await check(block('console', good))).toEqual([])
  expect(await check(block('console', good, row))).toEqual([
    `README.md:7: expected a claim, alert, error code or hop that there is; seen ${name}; try: run the command and show what it prints now`,
  ])
})

test('a sample whose command is wrong, or that shows nothing of ours', { timeout }, async () => {
  expect(await check(block('console', '$ make verifi'))).toEqual([expect.stringContaining('README.md:4: ')])
  expect(await check(block('console', 'all is well'))).toEqual([expect.stringContaining('seen none')])
})

test('an example with a type error is named with its line', { timeout }, async () => {
  const example = ["import { expect } from 'signalproof'", '', 'expect(1).toEqul(1)']
  expect(await check(block('ts', ...example))).toEqual([
    expect.stringMatching(/^README\.md:6: expected an example that type-checks.*'toEqul' does not exist/),
  ])
})

test('an unknown kind of block, and a page without one, are refused', async () => {
  expect(await check(block('yaml', 'a: 1'))).toEqual([
    expect.stringMatching(/^README\.md:4: expected a block of sh, console, ts; seen yaml/),
  ])
  expect(await check(block('', 'make check'))).toEqual([
    expect.stringContaining('a block without a language'),
  ])
  expect(await check('# A page\n\n    make check\n')).toEqual([expect.stringContaining('README.md:3: ')])
  expect(await check('# A page')).toEqual([expect.stringContaining('expected at least one block')])
})

test('a command in the text is judged as well', { timeout }, async () => {
  expect(await check(`${block('sh', 'make check')}\n\nOr \`make verifi ARGS=logs\`.`)).toEqual([
    expect.stringMatching(/^README\.md:7: expected `make verifi ARGS=logs`/),
  ])
})
