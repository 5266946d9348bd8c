import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { eventually, found, notYet } from '../core/eventually.ts'

/** However a whole run ends, no process of its environment and no listening port is left, and two runs leave each other alone. */

const root = join(import.meta.dirname, '..', '..')
const scratch = mkdtempSync(join(tmpdir(), 'signalproof-ends-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** Stopping takes the components' own time; a machine with other work needs more. */
const endWithinMs = 30_000

interface Running {
  readonly child: ChildProcess
  readonly out: string
  /** Resolves when standard error says it. */
  readonly says: (text: string) => Promise<void>
  /** Standard error so far. */
  readonly said: () => string
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

function startVerify(name: string, ...options: readonly string[]): Running {
  const out = join(scratch, name)
  const child = spawn(
    process.execPath,
    ['harness/cli/main.ts', 'verify', '--json', '--out', out, ...options],
    {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    },
  )
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  const says = async (text: string) => {
    await eventually(
      `the run to say "${text}"`,
      () => (said.includes(text) ? found(true) : notYet(said.slice(-400))),
      {
        withinMs: 120_000,
        remedy: 'run it by hand',
      },
    )
  }
  return { child, out, says, said: () => said, exit }
}

/** Every process that has the run's folder on its command line, in its environment or as its folder. */
function processesOf(out: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return []
    try {
      const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      const folder = readlinkSync(`/proc/${pid}/cwd`)
      return commandLine.includes(out) || folder.startsWith(out)
        ? [`${pid} ${commandLine.slice(0, 120)}`]
        : []
    } catch {
      // It ended between the listing and the look.
      return []
    }
  })
}

async function nothingIsLeft({ out }: Running): Promise<void> {
  await eventually(
    'no process of the run to be left',
    () => {
      const left = processesOf(out)
      return left.length === 0 ? found(true) : notYet(left.join('\n'))
    },
    { withinMs: endWithinMs, remedy: 'end the processes by hand' },
  )
  expect(readdirSync(join(out, 'environment')), 'the stores are removed').not.toContain('data')
}

const moments = [
  { moment: 'while the components start', sign: ' claims to judge\n' },
  { moment: 'when the stack is ready', sign: 'ready after' },
  { moment: 'in the middle of a fault', sign: 'alerts.baseline-quiet' },
] as const

for (const { moment, sign } of moments) {
  test(`SIGKILL ${moment} leaves nothing`, async () => {
    const run = startVerify(`kill ${moment}`.replaceAll(' ', '-'))
    await run.says(sign)
    expect(processesOf(run.out).length, 'processes before the end').toBeGreaterThan(1)
    run.child.kill('SIGKILL')
    expect((await run.exit).signal).toBe('SIGKILL')
    await nothingIsLeft(run)
  })
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} in the middle of a fault ends the run with 130 and leaves nothing`, async () => {
    const run = startVerify(`end-${signal}`)
    await run.says('alerts.baseline-quiet')
    // As a terminal does: to the whole group of the foreground.
    process.kill(-(run.child.pid ?? Number.NaN), signal)
    expect((await run.exit).code).toBe(130)
    await nothingIsLeft(run)
    const result = JSON.parse(readFileSync(join(run.out, 'result.json'), 'utf8')) as InterruptedResult
    expect(result).toMatchObject({ verdict: 'invalid', firstBroken: null })
    expect(result.claims.filter(({ verdict }) => verdict === 'broken').map(({ id }) => id)).toEqual([])
  })
}

interface InterruptedResult {
  readonly claims: readonly { readonly id: string; readonly verdict: string }[]
}

test('an alert that is never delivered is waited for by nobody', async () => {
  // Its deadlines would be an hour from now: the test's own time is far below.
  const run = startVerify(
    'never-delivered',
    '--set',
    'log-rules:groups.log-errors.rules.LogsErrorBurst.for=1h',
  )
  expect((await run.exit).code, run.said()).toBe(1)
  await nothingIsLeft(run)
  const result = JSON.parse(readFileSync(join(run.out, 'result.json'), 'utf8')) as InterruptedResult
  expect(result).toMatchObject({ verdict: 'broken', firstBroken: 'alerts.deliverable' })
  expect(result.claims.find(({ id }) => id === 'dashboards.panels-alive')).toMatchObject({
    verdict: 'proven',
  })
})

for (const { others, slow } of [
  { others: 'end at once', slow: [] },
  // The claims are all judged long before the last component is gone.
  { others: 'take their time to end', slow: ['/otelcol', '/traefik '] },
])
  test(`a component that is killed makes the run invalid: status 3, with its name, also when others ${others}`, async () => {
    const run = startVerify(`component-killed-${slow.length}`)
    await run.says('ready after')
    for (const name of slow) process.kill(pidOf(run, name), 'SIGSTOP')
    process.kill(pidOf(run, '/loki '), 'SIGKILL')
    expect((await run.exit).code, run.said()).toBe(3)
    await nothingIsLeft(run)
    const result = JSON.parse(readFileSync(join(run.out, 'result.json'), 'utf8')) as InterruptedResult & {
      verdict: string
      invalidBecause: string
    }
    expect(result).toMatchObject({ verdict: 'invalid', firstBroken: null })
    expect(result.claims.filter(({ verdict }) => verdict === 'broken').map(({ id }) => id)).toEqual([])
    expect(result.invalidBecause).toContain('loki')
  })

function pidOf({ out }: Running, component: string): number {
  const line = processesOf(out).find((candidate) => candidate.includes(component))
  if (line === undefined)
    throw new Error(`expected a process of ${component}, seen: ${processesOf(out).join('\n')}`)
  return Number(line.split(' ')[0])
}

/** Who counts whose requests, lines and targets: two whole runs would also compete for the time of two cores. */
const whatIsShared = '^(platform|metrics)\\.|^logs\\.(stored|counted-once|ruler-on-time)'

test('two runs at once do not touch each other', async () => {
  const runs = ['first-of-two', 'second-of-two'].map((name) => startVerify(name, '--claim', whatIsShared))
  for (const run of runs) {
    const { code } = await run.exit
    expect(code, run.said()).toBe(0)
    await nothingIsLeft(run)
  }
})
