const names = ['SIGINT', 'SIGTERM'] as const

export interface Interruption {
  readonly signal: AbortSignal
  /** Takes the signals back from libraries that would end the process before the run is in order. */
  readonly onlyOurs: () => void
}

/** Ctrl-C and SIGTERM as an abort: the first ends the run in order, a second one ends the process at once. */
export function abortOnSignals(): Interruption {
  const controller = new AbortController()
  const onSignal = (name: NodeJS.Signals) => {
    // The supervisor stops everything when this process is gone, so leaving at once leaves nothing behind.
    if (controller.signal.aborted) process.exit(130)
    controller.abort(new DOMException(`interrupted by ${name}`, 'AbortError'))
  }
  const onlyOurs = () => {
    for (const name of names) process.removeAllListeners(name).on(name, onSignal)
  }
  onlyOurs()
  return { signal: controller.signal, onlyOurs }
}
