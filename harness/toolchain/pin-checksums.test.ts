import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ComponentPin } from './component-pin.ts'
import { pinChecksums, statedChecksum } from './pin-checksums.ts'
import { componentPins } from './pins.ts'
import { deadAddress, publisher, settingsIn, sha256Of, temporaryFolder } from './toolchain-doubles.ts'

const [a, b] = [sha256Of('a'), sha256Of('b')]

test.each([
  [`${a}  x.tar.gz\n${b}  y.tar.gz\n`, 'y.tar.gz', b],
  [`${a} *x.tar.gz\n`, 'x.tar.gz', a],
  [`${a}  ./x.tar.gz\r\n${b}  ./y.tar.gz\r\n`, 'x.tar.gz', a],
  [`${a.toUpperCase()}\n`, 'x.tar.gz', a],
  [`${a}  x.tar.gz.sbom.json\n`, 'x.tar.gz', undefined],
  [`${a}\n${b}\n`, 'x.tar.gz', undefined],
  ['<html>not found</html>', 'x.tar.gz', undefined],
  ['', 'x.tar.gz', undefined],
])('in %j, %s has the checksum %s', (text, file, stated) => {
  expect(statedChecksum(text, file)).toBe(stated)
})

const cases: [ComponentPin, string, Record<string, string>][] = [
  [
    componentPins.prometheus,
    '/prometheus/prometheus/releases/download/v3.16.0/sha256sums.txt',
    { 'prometheus-3.16.0.linux-amd64.tar.gz': a, 'prometheus-3.16.0.darwin-arm64.tar.gz': b },
  ],
  [
    componentPins.loki,
    '/grafana/loki/releases/download/v3.7.8/SHA256SUMS',
    { 'loki-linux-amd64.zip': a, 'loki-darwin-amd64.zip': b },
  ],
  [
    componentPins.traefik,
    '/traefik/traefik/releases/download/v3.7.15/traefik_v3.7.15_checksums.txt',
    { 'traefik_v3.7.15_linux_amd64.tar.gz': a, 'traefik_v3.7.15_linux_arm64.tar.gz': b },
  ],
]
test.each(cases)(
  "$name: the publisher's one file is asked once; what it states is written with its source",
  async (pin, path, stated) => {
    await using folder = await temporaryFolder()
    await using server = await publisher((request, response) =>
      request.url === path
        ? response.end(
            Object.entries(stated)
              .map(([file, sha256]) => `${sha256}  ${file}\n`)
              .join(''),
          )
        : response.writeHead(404).end(),
    )
    const file = join(folder.path, 'pinned-checksums.json')
    const result = await pinChecksums(pin, settingsIn(folder.path, { releaseHost: server.address }), { file })
    expect(server.asked).toEqual([path])
    expect(result.notStated).toHaveLength(2)
    expect(result.notStated[0]).toMatch(/has no line for it$/)
    const written = JSON.parse(await readFile(file, 'utf8'))
    expect(
      Object.fromEntries(
        written.map((entry: { file: string; sha256: string }) => [entry.file, entry.sha256]),
      ),
    ).toEqual(stated)
    expect(written[0]).toMatchObject({
      component: pin.name,
      version: pin.version,
      source: `${server.address}${path}`,
    })
  },
)

test('a publisher with a checksum file beside each archive is asked for each', async () => {
  await using folder = await temporaryFolder()
  await using server = await publisher((_request, response) => response.end(`${a}\n`))
  const file = join(folder.path, 'sums.json')
  const settings = settingsIn(folder.path, { releaseHost: server.address })
  const { pinned } = await pinChecksums(componentPins.otelcol, settings, { file })
  expect(pinned).toHaveLength(4)
  expect(server.asked[0]).toMatch(/otelcol-contrib_0\.160\.0_linux_amd64\.tar\.gz\.sha256$/)
})

test('a publisher that is not reached pins nothing and leaves the file as it is', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'sums.json')
  const settings = settingsIn(folder.path, { releaseHost: await deadAddress() })
  await expect(pinChecksums(componentPins.loki, settings, { file })).rejects.toThrow(
    /^TOOL_UNPINNED: expected the publisher's SHA-256 of loki 3\.7\.8\n.*ECONNREFUSED.*nothing was written/s,
  )
  expect(existsSync(file)).toBe(false)
})
