import type { FaultWindow } from './panel-record.ts'

/** A panel that has to move while something is broken on purpose, and why. */
export interface ExpectedMove {
  /** The dashboard's uid. */
  readonly dashboard: string
  /** The panel's title. */
  readonly panel: string
  readonly direction: 'up' | 'down'
  /** The least difference that counts, in the panel's unit; any by default. */
  readonly atLeast?: number
  /** Of the series that have to move; any one of them is enough. None: any series. */
  readonly labels?: Readonly<Record<string, string>>
  /** What is known to have happened, as counted elsewhere: `12 requests of api-v1 were answered with 500`. */
  readonly cause: string
}

/** A time in which something was broken on purpose, with the panels that have to show it. */
export interface PanelFault extends FaultWindow {
  readonly moves: readonly ExpectedMove[]
}
