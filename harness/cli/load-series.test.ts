import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { expect, onTestFinished, test, vi } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { addSeriesOptions, argumentsOfOneRun, asksForSeries, runLoadSeries } from './load-series.ts'
import type { SeriesRun, SeriesRunRequest } from './series-run.ts'

const rateOf = ({ args }: SeriesRunRequest) => Number(args[args.lastIndexOf('--rate') + 1])

const judged = (verdict: 'proven' | 'broken' | 'invalid', objectives = verdict as string): SeriesRun => ({
  status: { proven: 0, broken: 1, invalid: 3 }[verdict],
  said: '',
  result: {
    verdict,
    firstBroken: verdict === 'broken' ? 'slo.objectives-held' : null,
    invalidBecause: verdict === 'invalid' ? 'k6 dropped 3 iterations' : undefined,
    claims: [{ id: 'slo.objectives-held', verdict: objectives, reason: 'X\n  seen: too slow' }],
    wasLoaded: true,
    generatorGaveOut: verdict === 'invalid' ? 'k6 dropped 3 iterations' : null,
  },
})

/** Makes a series whose runs are what the test says; hands back all that it wrote. */
async function series(
  flags: { repeat?: number; findLimit?: boolean; rate?: string; json?: boolean; mostRuns?: number },
  run: (request: SeriesRunRequest, turn: number) => SeriesRun,
) {
  const folder = temporaryFolder()
  onTestFinished(() => folder[Symbol.dispose]())
  const [stdout, stderr] = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockReturnValue(true),
  )
  const requests: SeriesRunRequest[] = []
  try {
    const status = await runLoadSeries(
      { resolution: 10, highestRate: 5000, mostRuns: 16, out: folder.path, ...flags },
      ['load', '--workload', 'ramp', '--find-limit', '--repeat=3'],
      async (request) => {
        requests.push(request)
        return run(request, requests.length)
      },
    )
    const written = (stream: typeof stdout) => stream?.mock.calls.map(([text]) => text).join('') ?? ''
    return { status, requests, folder: folder.path, stdout: written(stdout), stderr: written(stderr) }
  } finally {
    stdout?.mockRestore()
    stderr?.mockRestore()
  }
}

test('repeats are runs of the same command line, each in a folder of its own; the worst status is the series', async () => {
  const { status, requests, folder, stdout } = await series({ repeat: 3 }, (_, turn) =>
    judged(turn === 2 ? 'broken' : 'proven'),
  )
  expect(status).toBe(1)
  expect(requests.map(({ args }) => args)).toEqual(
    Array.from({ length: 3 }, () => ['load', '--workload', 'ramp']),
  )
  expect(requests.map((one) => one.folder)).toEqual(['1', '2', '3'].map((name) => join(folder, name)))
  expect(stdout).toContain('3 of 3 runs are valid')
})

test('after a run without a load no more are made, and what it said is shown', async () => {
  const { status, requests, stderr } = await series({ repeat: 5 }, () => ({
    status: 2,
    result: undefined,
    said: 'USAGE_BAD_VALUE: expected a workload',
  }))
  expect({ status, runs: requests.length }).toEqual({ status: 2, runs: 1 })
  expect(stderr).toContain('USAGE_BAD_VALUE: expected a workload')
})

test('the limit is searched by whole runs at a rate of their own, and kept', async () => {
  const { status, stdout, stderr, folder, requests } = await series(
    { findLimit: true, rate: '100' },
    (request) => judged(rateOf(request) <= 330 ? 'proven' : 'broken'),
  )
  expect(status).toBe(0)
  expect(rateOf(requests[0] as SeriesRunRequest)).toBe(100)
  expect(stdout).toMatch(/LIMIT: the objectives are\s+kept at \d+\/s, not at \d+\/s/)
  expect(stderr).toMatch(/400\/s {2}\S*missed\S*: too slow/)
  expect(JSON.parse(readFileSync(join(folder, 'limit.json'), 'utf8'))).toMatchObject({ kind: 'found' })
})

test.each([
  ['broken', 1, 'LIMIT BELOW 1/s'],
  ['invalid', 3, 'LIMIT NOT FOUND'],
] as const)('a system that is %s at every rate ends with %i', async (verdict, expected, words) => {
  const { status, stdout } = await series({ findLimit: true, rate: '4' }, () => judged(verdict))
  expect(status).toBe(expected)
  expect(stdout).toContain(words)
})

test('a search without a verdict on the objectives ends with what is broken', async () => {
  const blocked = series({ findLimit: true }, () => judged('broken', 'blocked'))
  await expect(blocked).rejects.toMatchObject({ code: 'CLAIM_BROKEN' })
})

test.each([
  [2, 'USAGE_BAD_VALUE'],
  [3, 'LOAD_INVALID'],
])('a search whose run ends with %i and without a result ends with %s', async (status, code) => {
  const none = series({ findLimit: true }, () => ({ status, result: undefined, said: 'why' }))
  await expect(none).rejects.toMatchObject({ code })
})

test('repeats and a search at once are refused', async () => {
  const both = series({ repeat: 2, findLimit: true }, () => judged('proven'))
  await expect(both).rejects.toMatchObject({ code: 'USAGE_BAD_VALUE' })
})

test('what only the series reads does not reach its runs', () => {
  const written = 'load --json --rate 5 --repeat 3 --out there --find-limit --resolution=5 --slo a.yaml'
  expect(argumentsOfOneRun(written.split(' '))).toEqual(['load', '--rate', '5', '--slo', 'a.yaml'])
})

test('its options are read from the command line, and refused where they are no numbers', () => {
  const parse = (...args: string[]) =>
    addSeriesOptions(new Command().exitOverride().configureOutput({ writeErr: () => {} }))
      .parse(args, { from: 'user' })
      .opts()
  expect(asksForSeries(parse())).toBe(false)
  expect(parse('--repeat', '5')).toMatchObject({ repeat: 5, resolution: 10, mostRuns: 16 })
  expect(asksForSeries(parse('--find-limit'))).toBe(true)
  expect(() => parse('--repeat', '1')).toThrow('expected a whole number from 2 on')
  expect(() => parse('--resolution', 'x')).toThrow('expected a whole number')
})
