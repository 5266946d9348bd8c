import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, found, notYet } from '../../core/eventually.ts'
import { SignalproofError } from '../../core/signalproof-error.ts'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import type { LogOptions } from '../../kube/kube-api.ts'
import { type LogSource, type MirrorRequest, mirrorAppLog } from './log-mirror.ts'

type Stream = (options: LogOptions, onLine: (line: string) => void, signal: AbortSignal) => Promise<void>

/** Pods by name, each with the streams that following its log gives, one after another; then it is followed in vain. */
function clusterDouble(pods: Record<string, Stream[]>) {
  const asked: { pod: string; sinceTime: string | undefined }[] = []
  const api: LogSource = {
    list: async () =>
      Object.keys(pods).map((name) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name } })),
    followLog: async (_, pod, __, options, onLine, signal) => {
      asked.push({ pod, sinceTime: options.sinceTime })
      const stream = pods[pod]?.shift() ?? untilAborted
      await stream(options, onLine, signal)
    },
  }
  return { api, asked, pods }
}

const untilAborted: Stream = (_, __, signal) =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve()))

const writes =
  (...lines: readonly string[]): Stream =>
  async (_, onLine) => {
    for (const line of lines) onLine(line)
  }

const fails =
  (code: 'KUBE_INVALID' | 'KUBE_FORBIDDEN' | 'KUBE_NOT_FOUND'): Stream =>
  async () => {
    throw new SignalproofError(code, { expected: 'a log', seen: code, remedy: 'none' })
  }

async function mirrored(
  api: LogSource,
  until: (text: string, failures: readonly unknown[]) => boolean,
): Promise<{ lines: string[]; failures: unknown[] }> {
  using folder = temporaryFolder()
  const file = join(folder.path, 'logs', 'app.log')
  const ending = new AbortController()
  const failures: unknown[] = []
  const request: MirrorRequest = {
    api,
    namespace: 'apps',
    labelSelector: 'app=frontend',
    container: 'frontend',
    sinceMs: Date.parse('2026-01-01T00:00:30Z'),
    file,
    signal: ending.signal,
    everyMs: 1,
    onFailed: (thrown) => failures.push(thrown),
  }
  const mirroring = mirrorAppLog(request)
  const text = () => readFileSync(file, 'utf8')
  await eventually(
    'the mirror to get so far',
    () => (until(text(), failures) ? found(true) : notYet(text())),
    { withinMs: 2_000, everyMs: 2, remedy: 'look at the double' },
  ).finally(() => ending.abort())
  await mirroring
  return { lines: text().trimEnd().split('\n'), failures }
}

test('lines of every pod arrive in the format of the container runtime', async () => {
  const { api } = clusterDouble({
    'frontend-1': [writes('2026-01-01T00:00:00.1Z {"a":1}')],
    'frontend-2': [writes('2026-01-01T00:00:00.2Z two words')],
  })
  const { lines } = await mirrored(api, (text) => text.split('\n').length > 2)
  expect(lines.sort()).toEqual([
    '2026-01-01T00:00:00.1Z stdout F {"a":1}',
    '2026-01-01T00:00:00.2Z stdout F two words',
  ])
})

test('a stream that ended is taken up where it ended, and what is sent once more is not written twice', async () => {
  const { api, asked } = clusterDouble({
    'frontend-1': [
      writes('2026-01-01T00:00:00.100000000Z one', '2026-01-01T00:00:00.2Z two'),
      writes(
        '2026-01-01T00:00:00.1Z one',
        '2026-01-01T00:00:00.200000000Z two',
        '2026-01-01T00:00:00.3Z three',
      ),
    ],
  })
  const { lines } = await mirrored(api, (text) => text.includes('three'))
  expect(lines.map((line) => line.split(' ').at(-1))).toEqual(['one', 'two', 'three'])
  expect(asked[1]).toEqual({ pod: 'frontend-1', sinceTime: '2026-01-01T00:00:00.2Z' })
})

test('lines of long before are left out, although the API sends them', async () => {
  const { api, asked } = clusterDouble({
    'frontend-1': [writes('2025-12-31T23:59:00Z of an earlier run', '2026-01-01T00:00:00Z of this one')],
  })
  const { lines } = await mirrored(api, (text) => text.includes('this one'))
  expect(lines).toEqual(['2026-01-01T00:00:00Z stdout F of this one'])
  expect(asked[0]).toEqual({ pod: 'frontend-1', sinceTime: '2025-12-31T23:59:30.000Z' })
})

test('a container that has not started is followed once it has', async () => {
  const { api } = clusterDouble({
    'frontend-1': [fails('KUBE_INVALID'), fails('KUBE_INVALID'), writes('2026-01-01T00:00:00.1Z up')],
  })
  const { lines, failures } = await mirrored(api, (text) => text.includes('up'))
  expect(lines).toHaveLength(1)
  expect(failures).toEqual([])
})

test('a pod that comes later is followed, too, and one that is gone is left', async () => {
  const { api, asked, pods } = clusterDouble({ 'frontend-1': [] })
  pods['frontend-1'] = [
    async () => {
      pods['frontend-2'] = [writes('2026-01-01T00:00:00.1Z successor')]
      await fails('KUBE_NOT_FOUND')({}, () => {}, new AbortController().signal)
    },
  ]
  await mirrored(api, (text) => text.includes('successor'))
  expect(asked.filter(({ pod }) => pod === 'frontend-1')).toHaveLength(1)
})

test('a log that may not be read ends the mirror with that reason', async () => {
  const { api } = clusterDouble({ 'frontend-1': [fails('KUBE_FORBIDDEN')] })
  const { failures } = await mirrored(api, (_, seen) => seen.length > 0)
  expect(failures).toMatchObject([{ code: 'KUBE_FORBIDDEN' }])
})
