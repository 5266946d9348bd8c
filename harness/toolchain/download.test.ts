import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { downloadFile, downloadText } from './download.ts'
import { deadAddress, publisher, sha256Of, temporaryFolder } from './toolchain-doubles.ts'

const content = Buffer.alloc(300_000, 'signal')
const whole = (response: ServerResponse) => response.end(content)

/** What each way of going wrong is answered with; the same download is then tried again against a server in order. */
const failures: {
  name: string
  answer: (response: ServerResponse) => void
  says: RegExp
  silenceLimitMs?: number
}[] = [
  {
    name: 'another file of the same size',
    answer: (response) => response.end(Buffer.alloc(300_000, 'forged')),
    says: /^TOOL_CHECKSUM: expected SHA-256 [0-9a-f]{64} for http.*\n.*\(300000 bytes\), so the file was thrown away\n.*run the same command again/,
  },
  {
    name: 'a body that breaks off',
    answer(response) {
      response.writeHead(200, { 'content-length': content.length })
      response.write(content.subarray(0, 1000), () => response.destroy())
    },
    says: /^TOOL_DOWNLOAD: expected the whole file.*\n.*after \d+ of 300000 bytes; nothing of it was kept\n.*run the same command again/,
  },
  {
    name: 'a shorter body without its length',
    answer: (response) => response.writeHead(200, { 'transfer-encoding': 'chunked' }).end('short'),
    says: /^TOOL_CHECKSUM/,
  },
  {
    name: 'a page that is not there',
    answer: (response) => response.writeHead(404).end('no'),
    says: /^TOOL_UNREACHABLE: expected the file at http.*\n.*answer 404 Not Found\n.*SIGNALPROOF_RELEASE_MIRROR/,
  },
  {
    name: 'a server that never answers',
    answer: () => {},
    says: /^TOOL_UNREACHABLE.*nothing came for 0\.2 s/s,
    silenceLimitMs: 200,
  },
  {
    name: 'a server that falls silent in the middle',
    answer: (response) =>
      response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 1000)),
    says: /^TOOL_DOWNLOAD.*nothing came for 0\.2 s after 1000 of 300000 bytes/s,
    silenceLimitMs: 200,
  },
]

test.each(failures)(
  '$name is one error and leaves no file; a second try works',
  async ({ answer, says, silenceLimitMs }) => {
    await using folder = await temporaryFolder()
    let broken = true
    await using server = await publisher((_request, response) =>
      broken ? answer(response) : whole(response),
    )
    const download = {
      url: `${server.address}/file`,
      sha256: sha256Of(content),
      target: join(folder.path, 'file'),
      ...(silenceLimitMs === undefined ? {} : { silenceLimitMs }),
    }
    await expect(downloadFile(download)).rejects.toThrow(says)
    expect(existsSync(download.target)).toBe(false)
    broken = false
    await downloadFile(download)
    expect(await readFile(download.target)).toEqual(content)
  },
)

test('a refused connection is said to be one', async () => {
  await using folder = await temporaryFolder()
  const url = `${await deadAddress()}/file`
  const target = join(folder.path, 'file')
  await expect(downloadFile({ url, sha256: '', target })).rejects.toThrow(/^TOOL_UNREACHABLE.*ECONNREFUSED/s)
  await expect(downloadText(url)).rejects.toThrow(/^TOOL_UNREACHABLE.*ECONNREFUSED/s)
})

test('a slow server is waited for as long as it goes on sending', async () => {
  await using folder = await temporaryFolder()
  await using server = await publisher((_request, response) => {
    let sent = 0
    const send = setInterval(() => {
      response.write(content.subarray(sent, sent + 30_000))
      sent += 30_000
      if (sent < content.length) return
      clearInterval(send)
      response.end()
    }, 30)
  })
  const seen: number[] = []
  await downloadFile({
    url: server.address,
    sha256: sha256Of(content),
    target: join(folder.path, 'file'),
    silenceLimitMs: 200,
    onProgress: (received) => seen.push(received),
  })
  expect(seen.at(-1)).toBe(content.length)
})

test('giving up ends the download with the reason, and leaves no file', async () => {
  await using folder = await temporaryFolder()
  const controller = new AbortController()
  await using server = await publisher((_request, response) => {
    response.writeHead(200, { 'content-length': 10 }).write('12345')
  })
  const target = join(folder.path, 'file')
  const download = downloadFile({
    url: server.address,
    sha256: '',
    target,
    signal: controller.signal,
    onProgress: () => controller.abort(new Error('given up')),
  })
  await expect(download).rejects.toThrow('given up')
  expect(existsSync(target)).toBe(false)
})

test('a folder that cannot be written is the cache folder that the error names', async () => {
  await using folder = await temporaryFolder()
  await using server = await publisher((_request, response) => whole(response))
  const inFile = join(folder.path, 'file')
  await downloadFile({ url: server.address, sha256: sha256Of(content), target: inFile })
  const target = join(inFile, 'below a file')
  await expect(downloadFile({ url: server.address, sha256: sha256Of(content), target })).rejects.toThrow(
    /^TOOL_CACHE: expected a folder that can be written.*SIGNALPROOF_CACHE/s,
  )
})
