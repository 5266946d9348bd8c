/** What an install tells while it runs. Several that run side by side (components, apps) can share one listener. */
export type InstallEvent =
  /** Sent first, and only if something has to be made. */
  | {
      readonly kind: 'started'
      readonly components: readonly { readonly name: string; readonly version: string }[]
    }
  /** What the slow part will cost, before it begins. */
  | { readonly kind: 'plan'; readonly text: string }
  | ComponentEvent

export interface ComponentEvent {
  /**
   * `activity`: what is being done from now on, and why it is slow where it is. `detail`: how far that is, worth showing
   * only where it can be shown in place. `note`: something that was passed over, with the reason. The others end it.
   */
  readonly kind: 'activity' | 'detail' | 'note' | 'installed' | 'failed'
  readonly component: string
  readonly text: string
}

export type InstallProgress = (event: InstallEvent) => void
