/** What a load run is asked for and what the generator saw: plain data, since it is kept in the run's folder. */

export const workloadNames = ['steady', 'ramp', 'spike', 'soak', 'breakpoint'] as const

/** One request that a workload sends; `route` is how the app names it and how it is counted everywhere. */
export interface LoadRoute {
  readonly app: string
  readonly route: string
  readonly method: string
  /** Path and query. */
  readonly path: string
}

/** Epoch ms: from the moment at which the generator is started to the one at which it has ended. */
export interface LoadWindow {
  readonly startedAt: number
  readonly endedAt: number
}

/** Answers of one kind; status 0 is a request that got none. */
export interface AnswerCount {
  readonly method: string
  readonly route: string
  readonly status: number
  readonly count: number
}

/** Client latency of one route, in ms. */
export interface LatencyFigures {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
  readonly mean: number
}

export interface ThresholdVerdict {
  readonly metric: string
  readonly threshold: string
  readonly held: boolean
}

/** Seconds of CPU during the load window, and what there was of it. */
export interface CpuShares {
  readonly generatorSeconds: number
  /** Waited for a core while it could have run; null where the platform does not say. */
  readonly generatorWaitedSeconds: number | null
  /** By component or app; empty where the environment does not say. */
  readonly systemSeconds: Readonly<Record<string, number>>
  readonly cores: number
}

export interface GeneratorFigures {
  readonly window: LoadWindow
  readonly exitCode: number
  readonly iterations: number
  readonly dropped: number
  /** Exceptions that the script threw. */
  readonly exceptions: number
  readonly virtualUsersMax: number
  /** Every kind of answer that it counted. */
  readonly answers: readonly AnswerCount[]
  readonly latencyByRoute: Readonly<Record<string, LatencyFigures>>
  readonly thresholds: readonly ThresholdVerdict[]
  readonly cpu: CpuShares
  /** Why nothing may be concluded from it; null where it did what the workload says. */
  readonly invalidBecause: string | null
}
