export interface FaultPlan {
  /** What is broken by it: one thing is broken in one way at a time, for two could not be ended apart. */
  readonly key: string
  /** Shell that breaks it; it runs in a folder of the fault's own, fails when it cannot, and says why. */
  readonly apply: string
  /** Shell that takes back all that `apply` did, or a part of it; once or many times, also when the pods are new. */
  readonly undo: string
}

/** A workload whose pods carry its name as `app.kubernetes.io/name`. */
export interface Workload {
  readonly name: string
  readonly namespace: string
}
