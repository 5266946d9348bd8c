import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { componentPins } from './pins.ts'
import { pinOfDouble, temporaryFolder, writeProgram } from './toolchain-doubles.ts'
import { fittingVersion, parseVersion, probeBinary, probeBinaryOnce, versionFits } from './version-probe.ts'

test.each([
  ['loki, version 3.7.8 (branch: , revision: unknown)\n  build user:', '3.7.8'],
  ['buildinfo:\n    command: otelcol\n    description: ""\n    version: 0.160.0\nreceivers:', '0.160.0'],
  ['Version:      3.7.15\nCodename:     langres\nGo version:   go1.26.9', '3.7.15'],
  ['alertmanager, version 0.25.0+ds (branch: debian/sid)', '0.25.0+ds'],
  ['loki, version  (branch: , revision: unknown)\n  go version:       go1.26.8', undefined],
  ['', undefined],
])('%j reports %s', (output, version) => {
  expect(parseVersion(output)).toBe(version)
})

test.each([
  ['3.7.8', true],
  ['3.7.12', true],
  ['3.7.8+ds', true],
  ['3.7.7', false],
  ['3.8.0', false],
  ['4.7.8', false],
  ['3.7.9-rc.1', false],
  ['3.7.9~rc1', false],
])('for a pinned 3.7.8, %s fits: %s', (version, fits) => {
  expect(versionFits(version, '3.7.8')).toBe(fits)
})

test.each([
  ['metrics-server', 'v0.9.0\n', '0.9.0'],
  ['coredns', 'CoreDNS-1.15.0\nlinux/amd64, go1.26.8, \n', '1.15.0'],
  ['kubernetes', 'kubernetes, version v1.34.4\n', '1.34.4'],
  ['tempo', 'tempo, version 2.1.1+1dc1bfe7085b (branch: , revision: unknown)\n', '2.1.1+1dc1bfe7085b'],
  ['kubectl', 'Client Version: v1.37.1\nKustomize Version: v5.8.1\n', '1.37.1'],
] as const)('%s, which answers %j, is %s', (name, output, version) => {
  expect(fittingVersion(componentPins[name], name, output, [])).toBe(version)
  const other = output.replace(/(\d+)\.(\d+)\./, '$1.99.')
  expect(() => fittingVersion(componentPins[name], name, other, [])).toThrow(
    /TOOL_WRONG_VERSION.*\n.*reports \d+\.99/,
  )
})

test('a binary of another version, of none, and without a part it needs, are told apart', () => {
  const judge =
    (output: string, parts: string[] = []) =>
    () =>
      fittingVersion(pinOfDouble, '/bin/x', output, parts)
  expect(judge('x version 0.30.0')).toThrow(
    /TOOL_WRONG_VERSION: expected alertmanager 0\.31\.1 or a later patch.*\n.*reports 0\.30\.0\n/,
  )
  expect(judge('x')).toThrow('reports no version')
  expect(judge('x version 0.31.1', ['filelogreceiver'])).toThrow('reports 0.31.1 and lacks filelogreceiver')
  expect(judge('x version 0.31.2 filelogreceiver', ['filelogreceiver'])()).toBe('0.31.2')
})

const options = { environment: { PATH: '/usr/bin:/bin' } }

test('a binary that fails, and one that is no program, are said not to run, with their last words', async () => {
  await using folder = await temporaryFolder()
  const failing = await writeProgram(join(folder.path, 'failing'), 'echo "cannot find libmusl" >&2; exit 3')
  await expect(probeBinary(failing, ['--version'], options)).rejects.toThrow(
    /^TOOL_DOES_NOT_RUN: expected .*failing --version to print its version\n.*exit code 3.*cannot find libmusl\n/,
  )
  const missing = join(folder.path, 'missing')
  await expect(probeBinary(missing, [], options)).rejects.toThrow(/^TOOL_DOES_NOT_RUN.*\n.*ENOENT/)
})

test('a binary is started again only when it has changed', async () => {
  await using folder = await temporaryFolder()
  const [path, memory] = [join(folder.path, 'tool'), join(folder.path, 'memory')]
  const answer = (version: string) =>
    writeProgram(path, `echo started >> ${folder.path}/starts; echo tool version ${version}`)
  const starts = async () => (await readFile(join(folder.path, 'starts'), 'utf8')).trim().split('\n').length
  const probe = () => probeBinaryOnce(path, [], options, memory)

  await answer('1.0.0')
  expect(await probe()).toBe('tool version 1.0.0')
  expect(await probe()).toBe('tool version 1.0.0')
  expect(await starts()).toBe(1)
  await answer('10.0.0')
  expect(await probe()).toBe('tool version 10.0.0')
  expect(await starts()).toBe(2)
})

test('a memory that cannot be written only costs time', async () => {
  await using folder = await temporaryFolder()
  const path = await writeProgram(join(folder.path, 'tool'), 'echo tool version 1.0.0')
  expect(await probeBinaryOnce(path, [], options, join(path, 'below a file'))).toBe('tool version 1.0.0')
})
