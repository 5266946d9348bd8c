import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type BreakableStack, readStackFaultRequest, StackFaults } from './stack-faults.ts'
import { longestStackFaultMs } from './supervisor-protocol.ts'

let targetsFolder: string
let stack: { [K in keyof BreakableStack]: BreakableStack[K] }
let faults: StackFaults

beforeEach(() => {
  vi.useFakeTimers()
  targetsFolder = mkdtempSync(join(tmpdir(), 'signalproof-targets-'))
  writeFileSync(join(targetsFolder, 'frontend.json'), '[]')
  stack = {
    cutLink: vi.fn((name: string) => name === 'collector-to-loki'),
    pauseComponent: vi.fn((name: string) => name === 'frontend'),
    stopComponent: vi.fn((name: string) => name === 'collector'),
    startComponent: vi.fn(async () => {}),
    holdLogs: vi.fn(),
    targetsFolder,
  }
  faults = new StackFaults(stack)
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(targetsFolder, { recursive: true, force: true })
})

const begin = (fault: Parameters<StackFaults['begin']>[0]['fault'], expiresInMs = 1_000): string => {
  const begun = faults.begin({ fault, expires_in_ms: expiresInMs })
  if ('refused' in begun) throw new Error(begun.refused)
  return begun.id
}

test('each fault is made and taken back', async () => {
  const cut = begin({ kind: 'cut-link', link: 'collector-to-loki' })
  const paused = begin({ kind: 'pause-component', component: 'frontend' })
  const stopped = begin({ kind: 'stop-component', component: 'collector' })
  const held = begin({ kind: 'hold-logs' })
  const hidden = begin({ kind: 'hide-target', app: 'frontend' })
  expect(stack.cutLink).toHaveBeenLastCalledWith('collector-to-loki', true)
  expect(stack.pauseComponent).toHaveBeenLastCalledWith('frontend', true)
  expect(stack.holdLogs).toHaveBeenLastCalledWith(true)
  expect(existsSync(join(targetsFolder, 'frontend.json'))).toBe(false)
  expect(stack.stopComponent).toHaveBeenLastCalledWith('collector')
  const ended = await Promise.all([cut, paused, stopped, held, hidden].map((id) => faults.end(id)))
  expect(ended).toEqual([true, true, true, true, true])
  expect(stack.startComponent).toHaveBeenLastCalledWith('collector')
  expect(stack.cutLink).toHaveBeenLastCalledWith('collector-to-loki', false)
  expect(stack.pauseComponent).toHaveBeenLastCalledWith('frontend', false)
  expect(stack.holdLogs).toHaveBeenLastCalledWith(false)
  expect(existsSync(join(targetsFolder, 'frontend.json'))).toBe(true)
})

test('a fault that nobody ends ends by itself, once', async () => {
  const id = begin({ kind: 'hold-logs' }, 500)
  vi.advanceTimersByTime(499)
  expect(stack.holdLogs).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(1)
  expect(stack.holdLogs).toHaveBeenLastCalledWith(false)
  expect(await faults.end(id)).toBe(false)
  expect(stack.holdLogs).toHaveBeenCalledTimes(2)
})

test('what is broken already is not broken twice: ending one would end the other', () => {
  begin({ kind: 'hold-logs' })
  expect(faults.begin({ fault: { kind: 'hold-logs' }, expires_in_ms: 1_000 })).toEqual({
    refused: 'log files is broken already: ending one fault would end the other',
  })
})

test('one component is not stopped while it is paused', () => {
  stack.stopComponent = vi.fn(() => true)
  begin({ kind: 'pause-component', component: 'frontend' })
  expect(
    faults.begin({ fault: { kind: 'stop-component', component: 'frontend' }, expires_in_ms: 1_000 }),
  ).toEqual({ refused: expect.stringContaining('component frontend is broken already') })
  expect(stack.stopComponent).not.toHaveBeenCalled()
})

test.each([
  { kind: 'cut-link', link: 'app-to-moon' },
  { kind: 'pause-component', component: 'moon' },
  { kind: 'stop-component', component: 'moon' },
  { kind: 'hide-target', app: 'moon' },
  { kind: 'kill-container', app: 'moon' },
] as const)('refuses %o: there is nothing of that name', (fault) => {
  expect(faults.begin({ fault, expires_in_ms: 1_000 })).toEqual({
    refused: expect.stringMatching(
      /^there is no (link app-to-moon|component moon|target moon|container moon)$/,
    ),
  })
})

test('all of them end before the stack is stopped', () => {
  begin({ kind: 'pause-component', component: 'frontend' })
  begin({ kind: 'hide-target', app: 'frontend' })
  faults.endAll()
  expect(stack.pauseComponent).toHaveBeenLastCalledWith('frontend', false)
  expect(existsSync(join(targetsFolder, 'frontend.json'))).toBe(true)
})

test('a target whose folder has gone meanwhile is no failure', async () => {
  const id = begin({ kind: 'hide-target', app: 'frontend' })
  rmSync(targetsFolder, { recursive: true })
  expect(await faults.end(id)).toBe(true)
  mkdirSync(targetsFolder)
})

test('a request is taken with exactly its own fields', () => {
  const fault = { kind: 'hide-target', app: 'frontend', more: 1 }
  expect(readStackFaultRequest({ fault, expires_in_ms: 5 })).toEqual({
    fault: { kind: 'hide-target', app: 'frontend' },
    expires_in_ms: 5,
  })
})

test.each([
  [undefined, `expires_in_ms: expected an integer from 1 to ${longestStackFaultMs}, seen undefined`],
  [{ fault: { kind: 'hold-logs' }, expires_in_ms: 0 }, /seen 0$/],
  [{ fault: { kind: 'hold-logs' }, expires_in_ms: longestStackFaultMs + 1 }, /seen 3600001$/],
  [{ fault: { kind: 'burn' }, expires_in_ms: 5 }, /^fault\.kind: expected one of cut-link, .* seen "burn"$/],
  [
    { fault: { kind: 'cut-link' }, expires_in_ms: 5 },
    /^fault\.link: expected a name such as loki, seen undefined$/,
  ],
  [{ fault: { kind: 'hide-target', app: '../x' }, expires_in_ms: 5 }, /^fault\.app: .* seen "\.\.\/x"$/],
])('refuses a request with the field that is wrong (case %#)', (body, words) => {
  expect(readStackFaultRequest(body)).toEqual(
    typeof words === 'string' ? words : expect.stringMatching(words),
  )
})
