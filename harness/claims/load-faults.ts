import { SignalproofError } from '../core/signalproof-error.ts'
import type { LoadFault } from '../load/load-fault.ts'
import type { LoadFaultDone } from '../load/load-report.ts'
import type { Run } from './run.ts'

export interface BegunLoadFaults {
  /** What each fault did. */
  end(): Promise<LoadFaultDone[]>
}

/** The contract of the fault switch allows no longer fault. */
const longestFaultMs = 600_000

/**
 * Begins all faults of a load; they end by themselves `forMs` later when nobody is left to end them. Those that were begun
 * are ended when another one is refused.
 * @throws SignalproofError USAGE_BAD_VALUE for an app without a route to break or a longer time than a fault may last, FAULT_REFUSED
 */
export async function beginLoadFaults(
  run: Pick<Run, 'breakableApps' | 'faultSwitch'>,
  faults: readonly LoadFault[],
  forMs: number,
): Promise<BegunLoadFaults> {
  if (faults.length > 0 && forMs > longestFaultMs) {
    throw new SignalproofError('USAGE_BAD_VALUE', {
      expected: `a load of at most ${longestFaultMs / 1000} s with faults, the time for its last answers included`,
      seen: `${Math.ceil(forMs / 1000)} s`,
      where: '--for',
      remedy: 'take a shorter time, or leave --fault out: no fault lasts longer',
    })
  }
  const begun: { app: string; id: string }[] = []
  const end = () =>
    Promise.all(
      begun.map(async ({ app, id }): Promise<LoadFaultDone> => {
        const { route, status, matched, injected } = await run.faultSwitch(app).end(id)
        return { app, route, status, matched, injected }
      }),
    )
  try {
    for (const fault of faults) {
      const { id } = await run.faultSwitch(fault.app).inject({
        route: faultRouteOf(run, fault.app),
        rate: fault.rate,
        ...(fault.status === undefined ? {} : { status: fault.status }),
        ...(fault.latencyMs === undefined ? {} : { latencyMs: fault.latencyMs }),
        expiresInMs: Math.ceil(forMs),
      })
      begun.push({ app: fault.app, id })
    }
  } catch (thrown) {
    await end().catch(() => {})
    throw thrown
  }
  return { end }
}

function faultRouteOf(run: Pick<Run, 'breakableApps'>, name: string): string {
  const apps = run.breakableApps()
  const app = apps.find((candidate) => candidate.name === name)
  if (app !== undefined) return app.faultRoute
  throw new SignalproofError('USAGE_BAD_VALUE', {
    expected: `an app with a route that can be broken: ${apps.map((known) => known.name).join(', ')}`,
    seen: name,
    where: '--fault',
    remedy: 'name one of these, or give the app a faultRoute in signalproof.config.ts',
  })
}
