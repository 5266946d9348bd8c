/** How `signalproof status --env k3s --json` ended. */
export interface StatusAnswer {
  readonly exitCode?: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** Whether a cluster was there before the drill, stopped or broken ones included: it is not for the drill to end it. */
export function wasClusterKept({ exitCode, stdout, stderr }: StatusAnswer): boolean {
  const kind = exitCode === 0 ? (JSON.parse(stdout) as { kind?: unknown }).kind : undefined
  if (typeof kind === 'string') return kind !== 'none' && kind !== 'gone'
  throw new Error(
    `expected the status of the kept cluster, which this drill would end otherwise; seen: exit status ${exitCode}, ${stderr || stdout}`,
  )
}
