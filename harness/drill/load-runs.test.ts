import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, expect, test } from 'vitest'

/**
 * A load that is counted the same everywhere holds its objectives, or does not; on a stack whose signals are broken it is
 * not made, and a generator that did not do its work proves nothing.
 */

const root = join(import.meta.dirname, '..', '..')
const scratch = mkdtempSync(join(tmpdir(), 'signalproof-load-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** What is read of result.json. */
interface RunResult {
  readonly verdict: string
  readonly firstBroken: string | null
  readonly invalidBecause?: string
  readonly unproven?: boolean
  readonly load?: { readonly generator?: unknown; readonly signals: unknown }
  readonly claims: readonly {
    readonly id: string
    readonly layer: string
    readonly verdict: string
    readonly reason?: string
  }[]
}

async function load(name: string, ...options: readonly string[]) {
  const out = join(scratch, name)
  const small = ['--rate', '10', '--for', '4s']
  const command = ['harness/cli/main.ts', 'load', '--json', '--out', out, ...small, ...options]
  const run = await execa(process.execPath, command, { cwd: root, reject: false, env: { NO_COLOR: '1' } })
  const result = JSON.parse(run.stdout) as RunResult
  return { ...run, out, result, wasLoaded: existsSync(join(out, 'k6')) }
}

const ofLoad = ({ claims }: RunResult) => claims.filter(({ layer }) => layer === 'load' || layer === 'slo')

test('a load without errors is proven from the signals to the objectives', async () => {
  const { exitCode, result, stderr } = await load('healthy')
  expect(exitCode, stderr).toBe(0)
  expect(result).toMatchObject({ verdict: 'proven', firstBroken: null })
  expect(ofLoad(result).filter(({ verdict }) => verdict !== 'proven')).toEqual([])
  const ids = ofLoad(result).map(({ id }) => id)
  expect(ids).toEqual(
    expect.arrayContaining(['load.accounts-balance', 'slo.figures-agree', 'slo.objectives-held']),
  )
})

test('16 % errors are counted the same everywhere, and spend the budget of that app alone', async () => {
  const { exitCode, result, stderr } = await load(
    'errors',
    '--fault',
    'available-schedules-go:status=500@16%',
    '--rate',
    '30',
  )
  expect(exitCode, stderr).toBe(1)
  // k6's own threshold stands before the objectives.
  expect(result).toMatchObject({ verdict: 'broken', firstBroken: 'load.thresholds-held' })
  const verdicts = Object.fromEntries(ofLoad(result).map(({ id, verdict }) => [id, verdict]))
  expect(verdicts).toMatchObject({
    'load.accounts-balance': 'proven',
    'slo.figures-agree': 'proven',
    'slo.objectives-held': 'broken',
  })
  const { reason = '' } = result.claims.find(({ id }) => id === 'slo.objectives-held') ?? {}
  expect(reason).toContain('available-schedules-go-availability')
  expect(reason).not.toContain('available-schedules-python-availability')
})

const wrongPort = ['--set', 'targets:available-schedules-python.0.targets=["127.0.0.1:1"]']

test('with the scrape port of an app wrong the answer is metrics.targets-up, and k6 is never started', async () => {
  const { exitCode, result, wasLoaded, stderr } = await load('wrong-port', ...wrongPort)
  expect(exitCode, stderr).toBe(1)
  expect(result).toMatchObject({ verdict: 'broken', firstBroken: 'metrics.targets-up' })
  expect(stderr).toContain('BROKEN  first at metrics.targets-up')
  expect(wasLoaded, 'whether k6 left anything').toBe(false)
  expect(result.load?.generator).toBeUndefined()
  expect(ofLoad(result).length).toBeGreaterThan(5)
  for (const { verdict, reason } of ofLoad(result)) {
    expect(verdict).toBe('blocked')
    expect(reason).toContain('needs metrics.targets-up, which is broken')
  }
})

test('the same stack is loaded with --unproven, and every output says that nobody asked', async () => {
  const { result, wasLoaded, stderr, out } = await load('unproven', ...wrongPort, '--unproven')
  expect(wasLoaded, stderr).toBe(true)
  expect(result.claims.map(({ id }) => id)).not.toContain('metrics.targets-up')
  expect(result).toMatchObject({ unproven: true, load: { signals: { basis: 'unproven' } } })
  expect(
    stderr.match(/UNPROVEN SIGNALS/g)?.length,
    'at the begin, with the figures and with the verdict',
  ).toBe(3)
  expect(readFileSync(join(out, 'junit.xml'), 'utf8')).toContain('UNPROVEN SIGNALS')
  expect(JSON.parse(readFileSync(join(out, 'load.json'), 'utf8'))).toMatchObject({ unproven: true })
})

const script = (name: string) => ['--workload', `harness/load/k6/testdata/${name}.ts`, '--unproven']

test.each([
  ['sends no request', script('no-requests'), /zero samples/],
  [
    'has one virtual user for late answers',
    [...script('one-virtual-user'), '--fault', 'latency=500ms'],
    /dropped iterations: \d+ of \d+/,
  ],
  ['throws an exception', script('throws'), /script exception.*one too many/],
])('a workload that %s makes the run invalid, and the reason names it', async (what, options, reason) => {
  const { exitCode, result, stderr } = await load(what.replaceAll(' ', '-'), ...options)
  expect(exitCode, stderr).toBe(3)
  expect(result).toMatchObject({ verdict: 'invalid', firstBroken: null })
  expect(result.invalidBecause).toMatch(reason)
  expect(stderr).toContain('INVALID  nothing is said about the stack')
})
