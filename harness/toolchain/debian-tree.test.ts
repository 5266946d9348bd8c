import { existsSync, readdirSync } from 'node:fs'
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test, vi } from 'vitest'
import { makeDebianTree } from './debian-tree.ts'
import { findDebianTree } from './debian-tree-files.ts'
import type { InstallEvent } from './install-progress.ts'
import { settingsIn, temporaryFolder, writeProgram } from './toolchain-doubles.ts'
import type { ToolchainSettings } from './toolchain-settings.ts'

// Programs are started here; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 30_000 })

/** What the stand-in for debootstrap puts into the tree. */
const packages = [
  ['python3-minimal', '3.11.2-1+b1', 'amd64', 'install ok installed'],
  ['bash', '5.2.15-2+b13', 'amd64', 'install ok installed'],
  ['gone', '1.0', 'all', 'deinstall ok config-files'],
]
const status = packages
  .map(([name, version, architecture, state]) =>
    [`Package: ${name}`, `Status: ${state}`, `Architecture: ${architecture}`, `Version: ${version}`].join(
      '\n',
    ),
  )
  .join('\n\n')

/**
 * A machine with stand-ins for what only root may run: `debootstrap` makes a small tree at its last but one argument,
 * `unshare` and `chroot` write down what they are asked.
 */
async function machineIn(folder: string, debootstrap = ''): Promise<ToolchainSettings> {
  const log = join(folder, 'asked')
  const program = (name: string, script: string) =>
    writeProgram(join(folder, 'bin', name), `echo ${name} "$@" >> ${log}\n${script}`)
  await program('unshare', 'shift; exec "$@"')
  await program('chroot', '')
  await writeFile(join(folder, 'status'), status)
  await program(
    'debootstrap',
    `${debootstrap}
for word; do [ "$word" = "\${word#/}" ] || root=$word; done
mkdir -p $root/var/lib/dpkg $root/var/cache/apt $root/etc $root/dev $root/usr/share/doc/x $root/bin
cp ${folder}/status $root/var/lib/dpkg/status
echo secret > $root/etc/resolv.conf; echo log > $root/var/cache/apt/x; echo x > $root/dev/null-like
echo kept > $root/etc/kept; date > $root/usr/share/doc/x/time; ln -s kept $root/etc/link`,
  )
  return settingsIn(folder)
}

/** Root on a machine whose keys lie where the test says: any file will do. */
const root = { userId: 0, keyrings: ['/dev/null'], systemPath: '' }

const make = (settings: ToolchainSettings, progress?: (event: InstallEvent) => void) =>
  makeDebianTree('apps', { settings, privileges: root, progress })

const askedIn = async (folder: string) => (await readFile(join(folder, 'asked'), 'utf8')).split('\n')

const leftBehind = ({ cacheRoot }: ToolchainSettings) =>
  readdirSync(join(cacheRoot, 'debian-trees', 'apps')).filter((name) => name !== 'lock')

test('a tree is made once: packed in order, without what this machine left in it, with a list of its packages', async () => {
  await using folder = await temporaryFolder()
  const settings = await machineIn(folder.path)
  const events: InstallEvent[] = []
  const tree = await make(settings, (event) => events.push(event))
  const { stdout } = await execa('tar', ['-tf', tree.tar])
  expect(stdout.split('\n')).toEqual([
    './',
    './bin/',
    './dev/',
    './etc/',
    './etc/kept',
    './etc/link',
    './usr/',
    './usr/share/',
    './var/',
    './var/cache/',
    './var/lib/',
    './var/lib/dpkg/',
    './var/lib/dpkg/status',
  ])
  expect((await execa('tar', ['-tvf', tree.tar, '--utc'])).stdout.match(/2023-06-10 00:00/g)).toHaveLength(13)
  expect(await readFile(tree.packageList, 'utf8')).toBe(
    'bash 5.2.15-2+b13 amd64\npython3-minimal 3.11.2-1+b1 amd64\n',
  )
  const asked = await askedIn(folder.path)
  expect(asked[0]).toMatch(
    /^unshare --mount \S+debootstrap --variant=minbase --arch=amd64 --keyring=\S+ --include=/,
  )
  expect(asked.find((line) => line.startsWith('chroot'))).toMatch(
    /python3 -m compileall .* unchecked-hash \/usr\/lib\/python3\.11$/,
  )
  expect(events.map(({ kind }) => kind)).toEqual(['started', 'activity', 'activity', 'installed'])

  expect(await make(settings, (event) => events.push(event))).toEqual(tree)
  expect(await makeDebianTree('apps', { settings, privileges: { userId: 1000 } }), 'used by anybody').toEqual(
    tree,
  )
  expect(await askedIn(folder.path)).toEqual(asked)
  expect(events).toHaveLength(4)
})

test('the same packages make the same file, byte for byte', async () => {
  await using one = await temporaryFolder()
  await using two = await temporaryFolder()
  const trees = [await make(await machineIn(one.path)), await make(await machineIn(two.path))]
  expect(trees[0]?.digest).toBe(trees[1]?.digest)
})

test('a file in the cache that is not the one that was made is made anew', async () => {
  await using folder = await temporaryFolder()
  const settings = await machineIn(folder.path)
  const { tar, digest } = await make(settings)
  await appendFile(tar, 'x')
  expect(await findDebianTree('apps', settings)).toBeUndefined()
  expect((await make(settings)).digest).toBe(digest)
})

const failures: [string, string, RegExp][] = [
  [
    'the mirror is not reached',
    'echo "E: Failed getting release file http://x/Release"; exit 1',
    /^TOOL_UNREACHABLE: expected \S+debootstrap to make .* demo app in Python\n {2}seen: status 1: E: Failed getting release.*SIGNALPROOF_DEBIAN_MIRROR=/s,
  ],
  [
    'the release is signed by somebody else',
    'echo "I: Checking Release signature"; echo "E: Release signed by unknown key (key id 1)"; exit 1',
    /^TOOL_CHECKSUM: .*seen: status 1: E: Release signed by unknown key/s,
  ],
  [
    'a package does not install',
    'echo "W: Failure while configuring base packages."; exit 1',
    /^TOOL_BUILD_FAILED: .*seen: status 1: W: Failure while configuring/s,
  ],
  ['the disk is full', 'echo "tar: x: Cannot write: No space left on device"; exit 1', /^TOOL_DISK_FULL/],
]
test.each(failures)(
  'where %s the error says so, nothing is left, and a retry works',
  async (_name, script, says) => {
    await using folder = await temporaryFolder()
    const settings = await machineIn(folder.path, script)
    const events: InstallEvent[] = []
    await expect(make(settings, (event) => events.push(event))).rejects.toThrow(says)
    expect(leftBehind(settings)).toEqual([])
    expect(events.at(-1)?.kind).toBe('failed')
    await machineIn(folder.path)
    expect((await make(settings)).digest).toMatch(/^[0-9a-f]{64}$/)
    expect(leftBehind(settings)).toHaveLength(1)
  },
)

test('an interrupted making leaves nothing', async () => {
  await using folder = await temporaryFolder()
  const settings = await machineIn(folder.path, 'exec sleep 60')
  const interruption = new AbortController()
  const progress = ({ kind }: InstallEvent) => kind === 'activity' && interruption.abort()
  const making = makeDebianTree('apps', {
    settings,
    privileges: root,
    progress,
    signal: interruption.signal,
  })
  await expect(making).rejects.toThrow('aborted')
  expect(leftBehind(settings)).toEqual([])
})

test('two that want the same tree make it once', async () => {
  await using folder = await temporaryFolder()
  const settings = await machineIn(folder.path)
  const [one, other] = await Promise.all([make(settings), make(settings)])
  expect(one).toEqual(other)
  expect((await askedIn(folder.path)).filter((line) => line.startsWith('debootstrap'))).toHaveLength(1)
})

const refusals: [string, Partial<typeof root>, string[], RegExp][] = [
  [
    'root',
    { userId: 1000 },
    [],
    /expected to be root, .* demo app in Python\n {2}seen: user 1000\n.*sudo SIGNALPROOF_CACHE=\S+ signalproof toolchain trees; or let a registry/s,
  ],
  [
    "Debian's keys",
    { keyrings: ['/nonexistent'] },
    [],
    /expected the keys of .*\n {2}seen: none at \/nonexistent\n.*install debian-archive-keyring/s,
  ],
  [
    'debootstrap',
    {},
    ['debootstrap'],
    /expected debootstrap, .*\n {2}seen: none on PATH\n.*apt-get install debootstrap/s,
  ],
]
test.each(refusals)(
  'without %s none is made: said before anything is done, with what to do',
  async (_name, lacks, without, says) => {
    await using folder = await temporaryFolder()
    const settings = await machineIn(folder.path)
    for (const name of without) await rm(join(folder.path, 'bin', name))
    const environment = { ...settings.environment, PATH: join(folder.path, 'bin') }
    const privileges = { ...root, ...lacks }
    await expect(
      makeDebianTree('apps', { settings: { ...settings, environment }, privileges }),
    ).rejects.toThrow(new RegExp(`^TOOL_UNAVAILABLE: ${says.source}`, says.flags))
    expect(existsSync(join(folder.path, 'asked'))).toBe(false)
  },
)
