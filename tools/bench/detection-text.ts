import { formatMs } from '../../harness/core/eventually.ts'
import type { Detection, Trial } from './detection.ts'
import { enoughTrials, judge } from './goals.ts'
import { hopTable } from './hop-text.ts'
import { argumentFor, type HopFinding } from './hop-tightness.ts'

/** How fast the alert was in all trials, hop by hop, and which trials were later than the configuration allows. */
export function writeDetection(detection: Detection): string {
  const { alert, trials, hops, delivery, perAppPerSecond, eighthsCovered, evaluationIntervalMs } = detection
  const few = trials.length < enoughTrials ? `; fewer than ${enoughTrials} say little` : ''
  const lines = [
    `detection of ${alert}: ${trials.length} trials amid ${perAppPerSecond} good requests/s an app${few}`,
    `  begun at random, in ${eighthsCovered} of 8 eighths of the evaluation interval of ${formatMs(evaluationIntervalMs)}; each 6 error lines of a new app at one moment`,
    hopTable([...hops, delivery]),
    ...hops
      .filter(({ judgement }) => judgement === 'argued')
      .map(({ name }) => `  ${name} is argued: ${argumentFor(name)}`),
    `  delivery: ${writePromise(detection)}`,
    ...writeLate(trials, delivery),
  ]
  return `${lines.join('\n')}\n`
}

function writePromise({ delivery, promisedMs }: Detection): string {
  if (promisedMs === null) return 'nothing is promised'
  const { p95 } = delivery.ms
  return `p95 ${precise(p95)}, promise <= ${precise(promisedMs)} ${judge([p95], promisedMs)}`
}

function writeLate(trials: readonly Trial[], { worstCaseMs, deadlineMs }: HopFinding): string[] {
  const late = trials.filter(({ deliveredMs }) => deliveredMs > worstCaseMs)
  if (late.length === 0) return [`  no trial above the computed worst case of ${precise(worstCaseMs)}`]
  return late.map(({ app, deliveredMs, hops }) => {
    const above =
      deliveredMs > deadlineMs
        ? `ABOVE worst case and allowance, ${precise(deadlineMs)}`
        : `above the worst case, ${precise(worstCaseMs)}, within the allowance`
    const parts = Object.entries(hops)
      .filter(([name]) => name !== 'resolved')
      .map(([name, ms]) => `${name} ${Math.round(ms)}`)
    return `  ${app} ${precise(deliveredMs)}: ${above} (${parts.join(', ')})`
  })
}

const precise = (ms: number): string => `${(ms / 1000).toFixed(2)} s`
