import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { SignalproofError } from '../core/signalproof-error.ts'
import { asCacheError } from './cache-writing.ts'
import { describeProxy, proxiedFetch } from './proxied-fetch.ts'

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined
  /** How long a server may stay silent, before its answer and between two pieces of it. */
  readonly silenceLimitMs?: number | undefined
}

export interface FileDownload extends DownloadOptions {
  readonly url: string
  readonly sha256: string
  /** Must not exist; exists afterwards only if the checksum is right. */
  readonly target: string
  readonly onProgress?: ((receivedBytes: number, totalBytes: number | undefined) => void) | undefined
}

const defaultSilenceLimitMs = 20_000

/**
 * Downloads a file and checks it; whatever goes wrong, no file is left.
 * @throws SignalproofError TOOL_UNREACHABLE when the server does not answer with the file, TOOL_DOWNLOAD when the
 * answer breaks off, TOOL_CHECKSUM when it is not the pinned file, TOOL_CACHE, TOOL_DISK_FULL
 */
export async function downloadFile({
  url,
  sha256,
  target,
  onProgress,
  ...options
}: FileDownload): Promise<void> {
  const silence = new SilenceWatch(options)
  try {
    const { body, totalBytes } = await request(url, silence)
    const hash = createHash('sha256')
    let receivedBytes = 0
    const tap = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        silence.heard()
        hash.update(chunk)
        receivedBytes += chunk.length
        onProgress?.(receivedBytes, totalBytes)
        done(null, chunk)
      },
    })
    try {
      await pipeline(
        Readable.fromWeb(body as ReadableStream),
        tap,
        createWriteStream(target, { flags: 'wx' }),
        {
          signal: silence.signal,
        },
      )
    } catch (thrown) {
      options.signal?.throwIfAborted()
      throw (
        asCacheError(dirname(target), thrown) ??
        brokenOff(url, receivedBytes, totalBytes, silence.describe(thrown), thrown)
      )
    }
    const seen = hash.digest('hex')
    if (seen !== sha256) throw wrongChecksum(url, sha256, seen, receivedBytes)
  } catch (thrown) {
    // What went wrong is the news, even where nothing can be removed either.
    await rm(target, { force: true }).catch(() => {})
    throw thrown
  } finally {
    silence.end()
  }
}

/** A small text of the publisher's, such as a checksum file. Throws as downloadFile does. */
export async function downloadText(url: string, options: DownloadOptions = {}): Promise<string> {
  const silence = new SilenceWatch(options)
  try {
    const { body } = await request(url, silence)
    try {
      return await new Response(body).text()
    } catch (thrown) {
      options.signal?.throwIfAborted()
      throw brokenOff(url, undefined, undefined, silence.describe(thrown), thrown)
    }
  } finally {
    silence.end()
  }
}

/** Asks whether the file is there, without fetching it. @throws SignalproofError TOOL_UNREACHABLE */
export async function requireReachable(url: string, options: DownloadOptions = {}): Promise<void> {
  const silence = new SilenceWatch(options)
  try {
    await ask(url, 'HEAD', silence)
  } finally {
    silence.end()
  }
}

async function request(url: string, silence: SilenceWatch) {
  const response = await ask(url, 'GET', silence)
  if (response.body === null) throw unreachable(url, 'an answer without a body')
  const length = Number(response.headers.get('content-length') ?? Number.NaN)
  return { body: response.body, totalBytes: Number.isFinite(length) ? length : undefined }
}

async function ask(url: string, method: 'GET' | 'HEAD', silence: SilenceWatch): Promise<Response> {
  let response: Response
  try {
    // A server that compresses on the way would change the bytes that the checksum is about.
    response = await proxiedFetch(url, {
      method,
      signal: silence.signal,
      headers: { 'accept-encoding': 'identity' },
    })
  } catch (thrown) {
    silence.asked?.throwIfAborted()
    throw unreachable(url, silence.describe(thrown), thrown)
  }
  silence.heard()
  if (response.ok) return response
  await response.body?.cancel()
  throw unreachable(url, `answer ${response.status} ${response.statusText}`.trimEnd())
}

/** Ends a request that has gone silent, or that the caller gives up. */
class SilenceWatch {
  readonly signal: AbortSignal
  readonly asked: AbortSignal | undefined
  readonly #limitMs: number
  readonly #silent = new AbortController()
  readonly #timer: NodeJS.Timeout

  constructor({ signal, silenceLimitMs = defaultSilenceLimitMs }: DownloadOptions) {
    this.asked = signal
    this.#limitMs = silenceLimitMs
    this.signal = signal === undefined ? this.#silent.signal : AbortSignal.any([signal, this.#silent.signal])
    this.#timer = setTimeout(() => this.#silent.abort(), silenceLimitMs)
  }

  heard(): void {
    this.#timer.refresh()
  }

  end(): void {
    clearTimeout(this.#timer)
  }

  describe(thrown: unknown): string {
    if (this.#silent.signal.aborted) return `nothing came for ${this.#limitMs / 1000} s`
    const { message, cause } = thrown as Error
    return cause instanceof Error ? `${message} (${describeCause(cause)})` : message
  }
}

/** What the codes of the network mean to a reader who has not met them. */
const causes: readonly [RegExp, string][] = [
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'the name is not resolved: no DNS, or no network'],
  [/^(UND_ERR_SOCKET|ECONNRESET)$/, 'the connection was closed'],
  [/^ECONNREFUSED$/, 'nobody listens there'],
  [/^(ENETUNREACH|EHOSTUNREACH)$/, 'no route: no network, or a firewall'],
  [
    /CERT|VERIFY|SELF_SIGNED/,
    "the certificate is not trusted; for a company's own, set NODE_USE_SYSTEM_CA=1 or NODE_EXTRA_CA_CERTS",
  ],
]

function describeCause(cause: NodeJS.ErrnoException): string {
  const { code, message } = cause
  if (typeof code !== 'string') return message
  const meaning = causes.find(([pattern]) => pattern.test(code))?.[1]
  return meaning === undefined ? code : `${code}: ${meaning}`
}

const proxyHint = 'behind a proxy, set HTTPS_PROXY, and NO_PROXY for what is reached without it'

function unreachable(url: string, seen: string, cause?: unknown): SignalproofError {
  const proxy = describeProxy(url)
  return new SignalproofError('TOOL_UNREACHABLE', {
    expected: `the file at ${url}`,
    seen: proxy === undefined ? seen : `${seen}; the proxy is ${proxy}`,
    remedy: `check the connection (${proxyHint}), or name a mirror in SIGNALPROOF_RELEASE_MIRROR`,
    cause,
  })
}

function brokenOff(
  url: string,
  received: number | undefined,
  total: number | undefined,
  seen: string,
  cause: unknown,
): SignalproofError {
  const amount = received === undefined ? '' : ` after ${received} of ${total ?? 'unknown'} bytes`
  return new SignalproofError('TOOL_DOWNLOAD', {
    expected: `the whole file at ${url}`,
    seen: `${seen}${amount}; nothing of it was kept`,
    remedy: `run the same command again; ${proxyHint}`,
    cause,
  })
}

function wrongChecksum(url: string, expected: string, seen: string, receivedBytes: number): SignalproofError {
  return new SignalproofError('TOOL_CHECKSUM', {
    expected: `SHA-256 ${expected} for ${url}`,
    seen: `${seen} (${receivedBytes} bytes), so the file was thrown away`,
    remedy:
      'run the same command again; if it stays so, something on the way changes the file (a proxy, a mirror) or it was replaced: do not use it',
  })
}
