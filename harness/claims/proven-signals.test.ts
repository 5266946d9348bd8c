import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { ownStackCapabilities } from '../environments/contract.ts'
import { provenForMs, signalsBasis } from './proven-signals.ts'
import { signalsOfLoad } from './table.ts'

const environment = { kind: 'process', digest: 'd1', capabilities: ownStackCapabilities } as const
const signals = signalsOfLoad(environment)
const nowMs = Date.parse('2026-11-25T12:00:00.000Z')
const minuteMs = 60_000

interface Kept {
  readonly endedMinutesAgo: number
  readonly verdicts?: Readonly<Record<string, string>>
  readonly run?: Readonly<Record<string, unknown>>
}

/** A run of ten seconds that has proven all signals, but for what is said. */
function keep(root: string, name: string, { endedMinutesAgo, verdicts = {}, run = {} }: Kept): void {
  const folder = join(root, '.signalproof', 'runs', name)
  mkdirSync(folder, { recursive: true })
  const result = {
    runId: name,
    startedAt: new Date(nowMs - endedMinutesAgo * minuteMs - 10_000).toISOString(),
    wallMs: 10_000,
    environment: 'process',
    digest: 'd1',
    verdict: 'proven',
    claims: signals
      .map((id) => ({ id, verdict: verdicts[id] ?? 'proven' }))
      .filter(({ verdict }) => verdict !== 'absent'),
    ...run,
  }
  writeFileSync(join(folder, 'result.json'), JSON.stringify(result))
}

const basisWith = (runs: Readonly<Record<string, Kept>>, unproven = false) => {
  using folder = temporaryFolder()
  for (const [name, kept] of Object.entries(runs)) keep(folder.path, name, kept)
  return signalsBasis({ root: folder.path, environment, unproven, nowMs })
}

test('a load rests on routes, targets, rules and requests that are counted once', () => {
  expect(signals).toEqual(
    expect.arrayContaining([
      'platform.ingress-routes',
      'metrics.targets-up',
      'metrics.counted-once',
      'metrics.rules-on-time',
      'logs.counted-once',
    ]),
  )
  expect(signals.filter((id) => /^(load|slo)\./.test(id))).toEqual([])
})

test('a run of the same configuration that proved them is accepted while it is young, also one of a series', () => {
  expect(basisWith({ r1: { endedMinutesAgo: 14.9 } })).toEqual({
    basis: 'accepted run',
    runId: 'r1',
    provenAt: '2026-11-25T11:45:06.000Z',
  })
  expect(basisWith({ 'series/1': { endedMinutesAgo: 1 } })).toMatchObject({ runId: 'series/1' })
  expect(provenForMs).toBe(15 * minuteMs)
})

test('objectives that were missed say nothing against the signals', () => {
  expect(basisWith({ r1: { endedMinutesAgo: 1, run: { verdict: 'broken' } } })).toMatchObject({ runId: 'r1' })
})

test.each<[string, Kept]>([
  ['older than 15 minutes', { endedMinutesAgo: 15.1 }],
  ['from the future', { endedMinutesAgo: -1 }],
  ['of another configuration', { endedMinutesAgo: 1, run: { digest: 'd2' } }],
  ['of another environment', { endedMinutesAgo: 1, run: { environment: 'k3s' } }],
  ['invalid', { endedMinutesAgo: 1, run: { verdict: 'invalid' } }],
  ['of a version without digests', { endedMinutesAgo: 1, run: { digest: undefined } }],
  ['one that saw a signal broken', { endedMinutesAgo: 1, verdicts: { 'metrics.targets-up': 'broken' } }],
  ['one that skipped a signal', { endedMinutesAgo: 1, verdicts: { 'logs.counted-once': 'skipped' } }],
  ['one that did not look at a signal', { endedMinutesAgo: 1, verdicts: { 'logs.counted-once': 'absent' } }],
])('a run that is %s is no proof', (_, kept) => {
  expect(basisWith({ r1: kept })).toEqual({ basis: 'this run' })
})

test('a younger run that saw a signal broken takes the older proof away; one of other layers does not', () => {
  const proof = { endedMinutesAgo: 5 }
  const doubt = { endedMinutesAgo: 1, verdicts: { 'metrics.counted-once': 'blocked' } }
  expect(basisWith({ r1: proof, r2: doubt })).toEqual({ basis: 'this run' })
  const others = Object.fromEntries(
    signals.map((id) => [id, id.startsWith('platform.') ? 'proven' : 'absent']),
  )
  expect(basisWith({ r1: proof, r2: { endedMinutesAgo: 1, verdicts: others } })).toMatchObject({
    runId: 'r1',
  })
})

test('what nobody wanted to know is said to be unproven, whatever runs there are', () => {
  expect(basisWith({ r1: { endedMinutesAgo: 1 } }, true)).toEqual({ basis: 'unproven' })
})

test('a result that was cut short is no proof, and no failure', () => {
  using folder = temporaryFolder({ '.signalproof/runs/r1/result.json': '{"runId":' })
  const asked = { root: folder.path, environment, unproven: false, nowMs }
  expect(signalsBasis(asked)).toEqual({ basis: 'this run' })
})
