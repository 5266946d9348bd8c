import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { pause } from '../../core/eventually.ts'
import { SignalproofError } from '../../core/signalproof-error.ts'
import type { LogOptions } from '../../kube/kube-api.ts'
import type { KubeObject, KubeQuery } from '../../kube/kube-object.ts'

/**
 * What the apps of a cluster write, as files on this machine in the container runtime's own format: claims read an app's
 * log before any pipeline has touched it, and do not know where it runs.
 */

/** Of the Kubernetes API, what a mirror needs. */
export interface LogSource {
  list(query: KubeQuery): Promise<KubeObject[]>
  followLog(
    namespace: string,
    pod: string,
    container: string,
    options: LogOptions,
    onLine: (line: string) => void,
    signal: AbortSignal,
  ): Promise<void>
}

export interface MirrorRequest {
  readonly api: LogSource
  readonly namespace: string
  /** As `kubectl -l` takes it: every pod of the app, also one that comes later. */
  readonly labelSelector: string
  readonly container: string
  /** Emptied first; every line is `<time> stdout F <text>`. */
  readonly file: string
  readonly signal: AbortSignal
  /** Epoch ms: what was written long before is left out, since a pod of a kept cluster has the lines of every run. */
  readonly sinceMs: number
  /** How often it looks for new pods and for a container that has not started yet. */
  readonly everyMs?: number
  /** Hears of anything that ends the mirror before its signal does: then the file says less than the app. */
  readonly onFailed: (thrown: unknown) => void
}

const defaultEveryMs = 1_000

/** The node's clock and this machine's may be so far apart. */
const clocksDifferMs = 60_000

/** Follows the logs of an app's pods into one file until the signal is aborted. */
export async function mirrorAppLog(request: MirrorRequest): Promise<void> {
  const { api, namespace, labelSelector, file, signal, everyMs = defaultEveryMs, onFailed } = request
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, '')
  const followed = new Map<string, Promise<void>>()
  while (!signal.aborted) {
    try {
      for (const { metadata } of await api.list({
        apiVersion: 'v1',
        kind: 'Pod',
        namespace,
        labelSelector,
      })) {
        const pod = `${metadata.name} ${metadata.uid ?? ''}`
        if (!followed.has(pod)) followed.set(pod, followPod(request, metadata.name).catch(onFailed))
      }
    } catch (thrown) {
      if (!isTransient(thrown) && !signal.aborted) return onFailed(thrown)
    }
    await pause(everyMs, signal).catch(() => {})
  }
  await Promise.all(followed.values())
}

/** One pod, until it is gone: a stream that ends is taken up where it ended, whether the container began anew or not. */
async function followPod(request: MirrorRequest, pod: string): Promise<void> {
  const { api, namespace, container, file, sinceMs, signal, everyMs = defaultEveryMs } = request
  let last = new Date(sinceMs - clocksDifferMs).toISOString()
  const keep = (line: string) => {
    const at = line.indexOf(' ')
    const time = line.slice(0, at)
    // The API takes whole seconds to begin from, so it sends some lines once more.
    if (at <= 0 || !isLater(time, last)) return
    last = time
    appendFileSync(file, `${time} stdout F ${line.slice(at + 1)}\n`)
  }
  while (!signal.aborted) {
    try {
      const options = { timestamps: true, sinceTime: last }
      await api.followLog(namespace, pod, container, options, keep, signal)
    } catch (thrown) {
      if (signal.aborted || isCode(thrown, 'KUBE_NOT_FOUND')) return
      if (!isTransient(thrown)) throw thrown
    }
    await pause(everyMs, signal).catch(() => {})
  }
}

/** Times of one container, which the runtime writes with nine digits; some writers leave zeros at the end out. */
function isLater(time: string, last: string): boolean {
  return padded(time) > padded(last)
}

const padded = (time: string): string => {
  const [whole = '', fraction = ''] = time.replace(/Z$/, '').split('.')
  return `${whole}.${fraction.padEnd(9, '0')}`
}

/** A container that has not started yet, or a server that is away for a moment. */
const isTransient = (thrown: unknown): boolean =>
  isCode(thrown, 'KUBE_INVALID') || isCode(thrown, 'KUBE_UNREACHABLE')

const isCode = (thrown: unknown, code: string): boolean =>
  thrown instanceof SignalproofError && thrown.code === code
