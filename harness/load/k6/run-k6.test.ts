import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { eventually, found, notYet } from '../../core/eventually.ts'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import { processStart } from '../../environments/process/process-table.ts'
import { figuresOfDouble, k6Double, leavingFigures } from './k6-double.ts'
import { type K6Request, runK6 } from './run-k6.ts'

/** A folder that is removed when the test is over. */
function folderOfTest(): string {
  const folder = temporaryFolder()
  onTestFinished(() => folder[Symbol.dispose]())
  return folder.path
}

async function requestOf(script: string, more: Partial<K6Request> = {}): Promise<K6Request> {
  const folder = folderOfTest()
  return {
    script: '/load/steady.ts',
    routes: [{ app: 'a', method: 'GET', route: '/a b', path: '/a' }],
    url: 'http://127.0.0.1:1',
    host: 'dev.local',
    ratePerSecond: 3,
    durationMs: 1000,
    runId: 'run-1',
    folder: join(folder, 'run'),
    k6Path: await k6Double(folder, script),
    ...more,
  }
}

test('hands back what the script left, with counts by route and status and the exact latency', async () => {
  const before = performance.timeOrigin + performance.now()
  const figures = await runK6(await requestOf(leavingFigures()))
  expect(figures).toMatchObject({
    exitCode: 0,
    iterations: 3,
    dropped: 0,
    exceptions: 0,
    virtualUsersMax: 1,
    answers: [
      { method: 'GET', route: '/a b', status: 200, count: 2 },
      { method: 'GET', route: '/a b', status: 418, count: 1 },
    ],
    latencyByRoute: { '/a b': { p50: 1000, p95: 2000, p99: 3000, max: 4000, mean: 1500 } },
    thresholds: figuresOfDouble.thresholds,
    invalidBecause: null,
  })
  expect(Object.keys(figures.latencyByRoute)).toEqual(['/a b'])
  expect(figures.window.startedAt).toBeGreaterThanOrEqual(before)
  expect(figures.window.endedAt).toBeGreaterThan(figures.window.startedAt)
})

test('tells the script where, what and how long, and shows it none of the settings of the user', async () => {
  const request = await requestOf(`env > "$HOME/env"; echo "$@" > "$HOME/args"\n${leavingFigures()}`, {
    maxVirtualUsers: 7,
  })
  process.env.K6_VUS = '99'
  try {
    await runK6(request)
  } finally {
    delete process.env.K6_VUS
  }
  const told = await readFile(join(request.folder, 'env'), 'utf8')
  for (const line of [
    'LOAD_URL=http://127.0.0.1:1',
    'LOAD_HOST=dev.local',
    'LOAD_RATE=3',
    'LOAD_DURATION_SECONDS=1',
    'LOAD_MAX_VUS=7',
    'LOAD_RUN_ID=run-1',
    'LOAD_ROUTES=[{"app":"a","method":"GET","route":"/a b","path":"/a"}]',
  ])
    expect(told).toContain(`${line}\n`)
  expect(told).not.toContain('K6_VUS')
  expect(await readFile(join(request.folder, 'args'), 'utf8')).toMatch(
    /^run --quiet --no-color --no-usage-report --log-format=json --address=127\.0\.0\.1:\d+ \/load\/steady\.ts\n$/,
  )
})

test('the figures of an earlier run in the folder are not taken for those of this one', async () => {
  const request = await requestOf(leavingFigures())
  await runK6(request)
  const again = await runK6({ ...request, k6Path: await k6Double(folderOfTest(), 'exit 0') })
  expect(again).toMatchObject({ iterations: 0, answers: [] })
  expect(again.invalidBecause).toMatch(/^the script left no figures/)
})

test('broken thresholds are no fault of the generator; every other end is', async () => {
  const end = (code: number) =>
    requestOf(`echo '{"level":"error","msg":"said"}' >&2\n${leavingFigures()}\nexit ${code}`).then(runK6)
  expect(await end(99)).toMatchObject({ exitCode: 99, invalidBecause: null })
  expect(await end(108)).toMatchObject({
    exitCode: 108,
    invalidBecause: 'the script aborted the run (exit code 108): said',
  })
})

test('figures of another shape are refused with the place', async () => {
  const { invalidBecause } = await runK6(
    await requestOf(leavingFigures({ ...figuresOfDouble, dropped: 'x' })),
  )
  expect(invalidBecause).toMatch(/^the figures of the script are not what load\/lib\/figures\.ts writes/)
  expect(invalidBecause).toContain('dropped')
})

test('says how much CPU each side had', async () => {
  const used = [
    { go: 1, python: 5 },
    { go: 1.5, python: 0.25 },
  ]
  const busy = 'i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done'
  const { cpu } = await runK6(
    await requestOf(`${busy}\n${leavingFigures()}`, { systemCpuSeconds: async () => used.shift() ?? {} }),
  )
  expect(cpu.generatorSeconds).toBeGreaterThan(0)
  // The second one was started anew meanwhile.
  expect(cpu.systemSeconds).toEqual({ go: 0.5, python: 0.25 })
  expect(cpu.cores).toBeGreaterThan(0)
  if (process.platform === 'linux') expect(cpu.generatorWaitedSeconds).toBeGreaterThanOrEqual(0)
})

test('an abort ends the generator and is thrown', async () => {
  const abort = new AbortController()
  const request = await requestOf('echo $$ > "$HOME/pid"; exec sleep 60', { signal: abort.signal })
  const run = runK6(request).catch((thrown) => thrown)
  const pid = await pidIn(request.folder)
  abort.abort(new Error('interrupted'))
  expect(await run).toMatchObject({ message: 'interrupted' })
  expect(processStart(pid)).toBeUndefined()
})

test('a harness that is killed leaves no generator behind', async () => {
  const request = await requestOf('echo $$ > "$HOME/pid"; exec sleep 60')
  const program = `import { runK6 } from ${JSON.stringify(join(import.meta.dirname, 'run-k6.ts'))}\nawait runK6(${JSON.stringify(request)})`
  const harness = execa(process.execPath, ['--input-type=module-typescript', '-e', program], {
    reject: false,
  })
  const pid = await pidIn(request.folder)
  harness.kill('SIGKILL')
  await harness
  await eventually(
    'the generator is gone',
    () => (processStart(pid) === undefined ? found(pid) : notYet(`process ${pid}`)),
    { withinMs: 10_000, remedy: 'look at the tether in harness/toolchain/tethered-command.ts' },
  )
})

async function pidIn(folder: string): Promise<number> {
  const { value } = await eventually(
    'the generator runs',
    async () => {
      const pid = Number(await readFile(join(folder, 'pid'), 'utf8').catch(() => ''))
      return pid > 0 ? found(pid) : notYet('no pid')
    },
    { withinMs: 20_000, remedy: 'look at k6.log' },
  )
  return value
}
