import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { failingMachines } from './failing-machine-double.ts'
import { failingSources, foreignBinary, foreignName, variable } from './failing-source-double.ts'
import {
  type Failure,
  installByCall,
  makeWorld,
  record,
  type World,
  wrongWith,
} from './failure-matrix-double.ts'
import { compileDouble, scriptOfDouble, writeGo, writeProgram } from './toolchain-doubles.ts'

// Processes are started and ended here; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 30_000 })

const buildCache = (path: string) => path.startsWith('build/')

for (const failure of [...failingSources, ...failingMachines]) {
  // Vitest's own templates would cut the titles short.
  test(`${failure.cause}: ${failure.code}`, async ({ skip }) => await expectOneErrorAndRetry(failure, skip))
}

async function expectOneErrorAndRetry(failure: Failure, skip: (reason: string) => never): Promise<void> {
  const { cause, code, says, breaks, mends, disk, keepsBuildCaches } = failure
  const made = await makeWorld(disk)
  if (typeof made === 'string') return skip(made)
  await using world = made
  await breaks(world)
  const before = await world.leaves()
  const attempt = await installByCall(world)
  expect(wrongWith(attempt.error ?? '', code), attempt.error).toEqual([])
  for (const words of says) expect(attempt.error).toContain(words)
  expect(attempt.exitStatus).toBe(3)
  const after = await world.leaves()
  expect(keepsBuildCaches === true ? after.filter((path) => !buildCache(path)) : after).toEqual(before)

  await mends(world)
  const well = await world.leaves()
  expect((await installByCall(world)).error).toBeUndefined()
  const forcedOne = world.environment[variable] !== undefined
  const added = forcedOne ? [] : world.installed
  expect(await world.leaves()).toEqual([...well.filter((path) => !buildCache(path)), ...added].toSorted())
  await record(cause, attempt, 'works')
}

/** What closes one way and leaves another: no error, but a note that says which way was passed over, and why. */
interface Fallback extends Pick<Failure, 'cause' | 'says' | 'breaks'> {
  readonly provenance: string
}

const fallbacks: readonly Fallback[] = [
  {
    cause: 'the archive is not there (404), and there is Go',
    says: ['release archive: TOOL_UNREACHABLE', 'answer 404 Not Found', 'SIGNALPROOF_RELEASE_MIRROR'],
    provenance: 'built',
    breaks: (world) => {
      world.answer = (response) => void response.writeHead(404).end()
      return writeGo(world.folder, compileDouble())
    },
  },
  {
    cause: 'the server never answers, and there is Go',
    says: ['release archive: TOOL_UNREACHABLE', 'nothing came for 0.3 s'],
    provenance: 'built',
    breaks: (world) => {
      world.answer = () => {}
      return writeGo(world.folder, compileDouble())
    },
  },
  {
    cause: 'PATH has another version',
    says: ['passed over on PATH: ', 'which reports 0.25.0'],
    provenance: 'downloaded',
    breaks: (world) => writeProgram(join(world.bin, 'alertmanager'), scriptOfDouble('0.25.0')),
  },
  {
    cause: 'PATH has a binary for another processor',
    says: ['passed over on PATH: /', `bin/alertmanager: a binary for ${foreignName}`],
    provenance: 'downloaded',
    breaks: (world) => writeFile(join(world.bin, 'alertmanager'), foreignBinary(), { mode: 0o755 }),
  },
  {
    cause: 'PATH has a binary that crashes',
    says: ['passed over on PATH: /', 'bin/alertmanager: ended by SIGSEGV'],
    provenance: 'downloaded',
    breaks: (world) => writeProgram(join(world.bin, 'alertmanager'), 'kill -SEGV $$'),
  },
]

for (const fallback of fallbacks) {
  const title = `${fallback.cause}: ${fallback.provenance}, with a note`
  test(title, async () => await expectNote(fallback))
}

async function expectNote({ cause, says, breaks, provenance }: Fallback): Promise<void> {
  await using world = (await makeWorld()) as World
  await breaks(world)
  const attempt = await installByCall(world)
  expect(attempt).toMatchObject({ error: undefined, provenance })
  expect(attempt.notes).toHaveLength(1)
  for (const words of says) expect(attempt.notes[0]).toContain(words)
  await record(cause, attempt, provenance)
}

test('a folder for temporary files that cannot be used is no obstacle: nothing is put there', async () => {
  await using world = (await makeWorld()) as World
  Object.assign(world.environment, { TMPDIR: join(world.bin, 'tar', 'below a file') })
  expect((await installByCall(world)).error).toBeUndefined()
  world.answer = (response) => void response.writeHead(404).end()
  await rm(world.settings.cacheRoot, { recursive: true })
  await writeGo(world.folder, `[ -d "$TMPDIR" ] && [ -d "$GOTMPDIR" ] || exit 9; ${compileDouble()}`)
  expect(await installByCall(world)).toMatchObject({ error: undefined, provenance: 'built' })
})

test('the judges of the matrix see two errors, another code, a missing part and what was left', async () => {
  const whole = 'TOOL_CACHE: expected a\n  seen: b\n  try:  c'
  expect(wrongWith(whole, 'TOOL_CACHE')).toEqual([])
  expect(wrongWith(`${whole}\n${whole}`, 'TOOL_CACHE')).toEqual(['2 errors instead of one'])
  expect(wrongWith(whole, 'TOOL_NO_GO')).toEqual(['it does not begin with TOOL_NO_GO: expected'])
  expect(wrongWith(whole.replace('try', 'nothing'), 'TOOL_CACHE')).toHaveLength(1)
  expect(wrongWith('', 'TOOL_CACHE').length).toBeGreaterThan(2)
  await using world = (await makeWorld()) as World
  const before = await world.leaves()
  const component = join(world.settings.cacheRoot, 'toolchain', 'alertmanager')
  await mkdir(join(component, 'staging-x'), { recursive: true })
  await writeFile(join(component, 'lock'), '')
  await writeFile(join(component, 'lock.holder.json'), '')
  await writeFile(join(world.folder, 'temporary', 'pip-unpack'), '')
  expect((await world.leaves()).filter((path) => !before.includes(path))).toEqual([
    'toolchain/alertmanager/lock.holder.json',
    'toolchain/alertmanager/staging-x',
    'TMPDIR/pip-unpack',
  ])
})
