import type { ProfileName } from '../config/config-schema.ts'

/**
 * What every home of the stack gives to a run. All of it is plain data: it crosses to the test worker, into the state
 * file of a kept environment and into result.json.
 */
export interface RunningEnvironment {
  readonly kind: 'process'
  readonly profile: ProfileName
  /** The digest of everything that was rendered: two environments of one digest are the same stack. */
  readonly digest: string
  readonly id: string
  readonly folder: string
  /** When the command that started it began, epoch ms. */
  readonly startedAt: number
  readonly kept: boolean
  readonly addresses: StackAddresses
  readonly apps: readonly AppAddress[]
  /** Answers which components are ready, until all of them are. */
  readonly supervisor: { readonly url: string; readonly token: string }
  /** The longest that any component may take to become ready: after it the environment is broken. */
  readonly readyWithinMs: number
  /** Opens every fault switch of this environment; it never leaves the machine and is struck out of evidence. */
  readonly faultToken: string
  readonly capabilities: readonly Capability[]
  readonly components: readonly ComponentFact[]
  /** The `--set` options in force, as they were written. */
  readonly set: readonly string[]
  /** The collector has no address that answers with its configuration, so it is handed over as rendered. */
  readonly collectorConfiguration: unknown
  /** What `--set fault-switch:…` adds to every fault that is asked for. */
  readonly faultDefaults: Readonly<Record<string, unknown>>
}

export interface StackAddresses {
  readonly prometheus: string
  readonly loki: string
  readonly alertmanager: string
  /** A second Alertmanager that hears the same alerts and neither groups nor inhibits: what noise is measured against. */
  readonly alertmanagerNaive: string
  readonly ingress: string
  readonly alertReceiver: string
  readonly alertReceiverSwitch: string
  readonly collectorHealth: string
  readonly collectorMetrics: string
}

export interface AppAddress {
  readonly name: string
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly url: string
  readonly faultSwitch: string | null
  /** The container runtime's log of the app. */
  readonly logFile: string
}

/** `stack-faults`: components can be paused, links between them cut, logs held and targets hidden. */
export type Capability = 'metrics' | 'logs' | 'alerts' | 'stack-faults'

export interface ComponentFact {
  readonly name: string
  readonly version: string
  readonly provenance: 'path' | 'cache' | 'downloaded' | 'built' | 'image'
  readonly location: string
}
