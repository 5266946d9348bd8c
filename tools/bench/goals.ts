/** The numbers to reach on two cores; the promise about detection is the configuration's, not listed here. */
export const goals = {
  /** From the start of a command to all components ready. */
  readyMs: 5_000,
  /** A whole `verify` as its user waits for it. */
  verifyMs: 60_000,
  /** The wall time of a run against its own longest chain of claims. */
  wallByCriticalPath: 1.15,
  /** One layer again on a kept environment. */
  againMs: 10_000,
  /** Of the environment at rest. */
  memoryBytes: 600_000_000,
  /** `up` and `deploy` of a cluster whose images are present, to every pod ready. */
  clusterStartMs: 90_000,
  /** The whole of `verify` on a kept cluster. */
  clusterAgainMs: 90_000,
  /** How far a hop's worst case may lie above the largest observation. */
  worstCaseByLargest: 3,
  /** Closed-loop throughput under the harness, as a part of plain k6's: the median over pairs. */
  loadThroughput: 0.97,
  /** What the end of a run takes for its report. */
  reportWrittenMs: 500,
  /** A page with 100 panels, until it is seen. */
  reportOpenedMs: 1_000,
  reportBytes: 2_000_000,
  /** With fewer pairs the median is not judged. */
  loadPairs: 5,
} as const

/** Fewer observations than this say little about a worst case, so it is not judged by them. */
export const enoughTrials = 20

/** Whether all values keep a limit, in words; an empty list keeps nothing. */
export function judge(values: readonly number[], limit: number): string {
  const missed = values.filter((value) => !(value <= limit)).length
  if (values.length === 0) return 'not measured'
  if (missed === 0) return 'met'
  return values.length === 1 ? 'missed' : `missed by ${missed} of ${values.length}`
}

/** Whether a value reaches a limit, in words; no number reaches none. */
export const judgeAtLeast = (value: number, limit: number): string => (value >= limit ? 'met' : 'missed')
