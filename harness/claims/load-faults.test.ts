import { expect, test } from 'vitest'
import { SignalproofError } from '../core/signalproof-error.ts'
import type { Fault, FaultSwitch } from '../faults/fault-switch.ts'
import { beginLoadFaults } from './load-faults.ts'
import type { BreakableApp, Run } from './run.ts'

/** Two apps with switches; faults of `refusing` are refused. */
function switches({ refusing }: { refusing?: string } = {}) {
  const calls: string[] = []
  const asked: Fault[] = []
  const run: Pick<Run, 'breakableApps' | 'faultSwitch'> = {
    breakableApps: () => ['go', 'python'].map((name) => ({ name, faultRoute: `/${name}` }) as BreakableApp),
    faultSwitch: (app) =>
      ({
        inject: async (fault: Fault) => {
          if (app === refusing) {
            throw new SignalproofError('FAULT_REFUSED', { expected: 'a fault', seen: '400', remedy: 'look' })
          }
          asked.push(fault)
          calls.push(`begin ${app}`)
          return { id: `${app}-${asked.length}` }
        },
        end: async (id: string) => {
          calls.push(`end ${id}`)
          return { id, route: `/${app}`, status: 500, state: 'ended', matched: 6, injected: 1 }
        },
      }) as unknown as FaultSwitch,
  }
  return { run, calls, asked }
}

test('each fault is made on the route of its app for its share of requests, and is ended with its report', async () => {
  const { run, calls, asked } = switches()
  const begun = await beginLoadFaults(
    run,
    [
      { app: 'go', status: 500, rate: 0.16 },
      { app: 'python', latencyMs: 300, rate: 0.2 },
    ],
    1_000.5,
  )
  expect(asked).toEqual([
    { route: '/go', status: 500, rate: 0.16, expiresInMs: 1_001 },
    { route: '/python', latencyMs: 300, rate: 0.2, expiresInMs: 1_001 },
  ])
  expect(await begun.end()).toEqual([
    { app: 'go', route: '/go', status: 500, matched: 6, injected: 1 },
    { app: 'python', route: '/python', status: 500, matched: 6, injected: 1 },
  ])
  expect(calls).toEqual(['begin go', 'begin python', 'end go-1', 'end python-2'])
})

test('a fault that is refused leaves none of the others behind', async () => {
  const { run, calls } = switches({ refusing: 'python' })
  const faults = ['go', 'python'].map((app) => ({ app, status: 500, rate: 1 }))
  await expect(beginLoadFaults(run, faults, 1_000)).rejects.toThrow('FAULT_REFUSED')
  expect(calls).toEqual(['begin go', 'end go-1'])
})

test('an app that cannot be broken is named, with those that can', async () => {
  await expect(
    beginLoadFaults(switches().run, [{ app: 'frontend', status: 500, rate: 1 }], 1),
  ).rejects.toThrow(/USAGE_BAD_VALUE[\s\S]*go, python\n.*--fault\n.*frontend/)
})

test('faults that would end before the load does are refused; a load without faults may last', async () => {
  const { run, calls } = switches()
  await expect(beginLoadFaults(run, [{ app: 'go', status: 500, rate: 1 }], 600_001)).rejects.toThrow(
    /USAGE_BAD_VALUE.*at most 600 s/,
  )
  expect(await (await beginLoadFaults(run, [], 600_001)).end()).toEqual([])
  expect(calls).toEqual([])
})
