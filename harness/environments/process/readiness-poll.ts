/** Waits until a component's own readiness address answers 200. */
import { get } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

export type Readiness =
  | { readonly kind: 'ready'; readonly afterMs: number }
  /** `lastSeen` is the last answer or refusal; a look that the deadline cut off is neither. */
  | { readonly kind: 'not-ready'; readonly lastSeen: string }
  | { readonly kind: 'given-up' }

// Most of a start is over in a fraction of a second, so looking often at first is what keeps it short.
const shortestPollMs = 20
const longestPollMs = 100
const lookWithinMs = 1_000
const longestAnswerShown = 200

/** @param signal gives up: the process that was to become ready has ended */
export async function pollReadiness(url: string, withinMs: number, signal: AbortSignal): Promise<Readiness> {
  const startedAt = performance.now()
  const leftMs = () => withinMs - (performance.now() - startedAt)
  let lastSeen = 'neither an answer nor a refusal'
  for (let pollMs = shortestPollMs; leftMs() > 0; pollMs = Math.min(pollMs * 1.25, longestPollMs)) {
    const seen = await look(
      url,
      AbortSignal.any([signal, AbortSignal.timeout(Math.min(lookWithinMs, Math.ceil(leftMs())))]),
    )
    if (signal.aborted) return { kind: 'given-up' }
    if (seen === 'ready') return { kind: 'ready', afterMs: performance.now() - startedAt }
    lastSeen = seen ?? lastSeen
    await pause(Math.min(pollMs, Math.max(1, leftMs())), undefined, { signal }).catch(() => {})
    if (signal.aborted) return { kind: 'given-up' }
  }
  return { kind: 'not-ready', lastSeen }
}

function look(url: string, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, signal }, (response) => {
      if (response.statusCode === 200) {
        resolve('ready')
        response.resume()
        return
      }
      let answer = ''
      const settle = () =>
        resolve(`status ${response.statusCode}: ${answer.slice(0, longestAnswerShown).trim()}`)
      response.setEncoding('utf8').on('end', settle).on('error', settle)
      response.on('data', (text: string) => {
        answer += text
        if (answer.length >= longestAnswerShown) response.destroy()
      })
      response.on('close', settle)
    })
    request.on('error', (error: NodeJS.ErrnoException) => {
      resolve(error.name === 'AbortError' ? undefined : `no answer: ${error.message || error.code}`)
    })
  })
}
