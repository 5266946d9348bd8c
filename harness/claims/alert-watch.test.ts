import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AlertWatch, type WatchedStack } from './alert-watch.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Rulers that answer, but for the time in which they do not. */
function rulers(...pending: readonly string[]) {
  const state = { answers: true, pending }
  const stack = {
    prometheus: {
      alerts: async () => {
        if (!state.answers) throw new Error('connection refused')
        return state.pending.map((alertname) => ({ labels: { alertname }, state: 'pending' }))
      },
      samples: async () => [{ labels: { alertname: 'Earlier', alertstate: 'firing' }, samples: [] }],
    },
    loki: { alerts: async () => [] },
  } as unknown as WatchedStack
  const watch = new AlertWatch(stack)
  watch.start(0, 0)
  return { state, watch }
}

test('an alert that was there for a moment stays in the set, and so does one that Prometheus remembers', async () => {
  const { state, watch } = rulers('Short')
  await vi.advanceTimersByTimeAsync(150)
  state.pending = []
  await vi.advanceTimersByTimeAsync(1_000)
  expect((await watch.alerts()).map(({ alertname, state: was }) => `${alertname} ${was}`)).toEqual([
    'Earlier firing',
    'Short pending',
  ])
  await watch.stop()
})

test('a single look that fails hides nothing; nobody looking for longer than an answer takes does', async () => {
  const { state, watch } = rulers()
  await vi.advanceTimersByTimeAsync(500)
  state.answers = false
  await vi.advanceTimersByTimeAsync(1_000)
  state.answers = true
  await vi.advanceTimersByTimeAsync(500)
  expect(await watch.alerts()).toHaveLength(1)
  state.answers = false
  await vi.advanceTimersByTimeAsync(3_000)
  await expect(watch.alerts()).rejects.toThrow('connection refused')
  state.answers = true
  await vi.advanceTimersByTimeAsync(500)
  await expect(watch.alerts()).rejects.toThrow(
    /BACKEND_UNREACHABLE.*from ready to end[\s\S]*nobody looked for 3\.\d s: connection refused/,
  )
  await watch.stop()
})
