import {
  claim,
  describeParting,
  expect,
  formatMs,
  loadRequestOf,
  SignalproofError,
  whyNoLoad,
} from '../../harness/test.ts'
import { load } from '../stories/load.ts'

/** What a load says counts only where the generator did its work and every place counted the same. */

claim('load.generated', async ({ run, looked, note, keep, skip }) => {
  const whyNot = await whyNoLoad(run)
  if (whyNot !== undefined) skip(whyNot)
  const { generator } = await load(run)
  looked()
  keep('generator.json', JSON.stringify(generator, null, 2))
  const { workload, ratePerSecond } = loadRequestOf(run)
  if (generator.invalidBecause !== null) {
    throw new SignalproofError('LOAD_INVALID', {
      expected: `the workload ${workload} at ${ratePerSecond}/s, as it is written`,
      seen: generator.invalidBecause,
      where: 'k6/k6.log',
      remedy: "look at k6.log in the run's folder; a lower --rate needs less of the machine",
    })
  }
  const { window, iterations, dropped, cpu } = generator
  note(
    `${iterations} requests in ${formatMs(window.endedAt - window.startedAt)}, ${dropped} dropped; the generator had ${cpu.generatorSeconds.toFixed(1)} s of CPU, the system ${systemSeconds(cpu.systemSeconds)}`,
  )
})

const systemSeconds = (seconds: Readonly<Record<string, number>>): string => {
  const all = Object.values(seconds)
  return all.length === 0 ? 'an unknown time' : `${all.reduce((sum, each) => sum + each, 0).toFixed(1)} s`
}

claim('load.thresholds-held', async ({ run, looked, note }) => {
  const { generator } = await load(run)
  looked()
  expect(generator.thresholds.length, 'thresholds of the workload').toBeGreaterThan(0)
  expect(
    generator.thresholds
      .filter(({ held }) => !held)
      .map(({ metric, threshold }) => `${metric}: ${threshold}`),
    'thresholds that did not hold',
  ).toEqual([])
  note(`${generator.thresholds.length} thresholds held`)
})

claim('load.accounts-balance', async ({ run, looked, note, keep }) => {
  const { closed } = await load(run)
  looked()
  keep('accounts.json', JSON.stringify(closed, null, 1))
  if (closed === null) throw new Error('expected accounts of a load that was generated, seen: none')
  const { partedAt, requests } = closed.balance
  if (partedAt !== null) {
    throw new SignalproofError('CLAIM_BROKEN', {
      expected: 'client, ingress, app, Prometheus and Loki to have counted the same requests',
      seen: describeParting(partedAt),
      remedy: 'look at the place that is named: what comes after it only repeats the difference',
    })
  }
  note(
    `${requests} answers: no difference at the ingress, the apps, Prometheus and Loki, ${formatMs(closed.drainedMs ?? 0)} after the last one`,
  )
})

claim('load.latency-explained', async ({ run, looked, note, keep }) => {
  const { latency } = await load(run)
  looked()
  keep('latency.json', JSON.stringify(latency, null, 1))
  expect(latency?.routes.length ?? 0, 'routes with latencies of client and app').toBeGreaterThan(0)
  expect(latency?.alarms, 'what cannot be').toEqual([])
  for (const { app, route, meanMs } of latency?.routes ?? []) {
    const behind = latency?.behindIngress.find((one) => one.app === app)
    const part = behind === undefined ? '' : `, ${formatGap(behind.gapMs)} of it behind the ingress`
    note(
      `${app} ${route}: a client waits ${formatGap(meanMs.client - meanMs.app)} longer than the app takes${part}`,
    )
  }
})

const formatGap = (ms: number): string => `${ms.toFixed(1)} ms`
