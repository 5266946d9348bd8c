import type { Prometheus } from '../../backends/prometheus.ts'

/** One alert over a run, from the series in which Prometheus keeps every evaluation of it. */
export interface AlertHistory {
  readonly labels: Readonly<Record<string, string>>
  readonly state: string
  /** Each time that it was there without a break; epoch ms of its first and its last evaluation. */
  readonly spells: readonly { readonly fromMs: number; readonly toMs: number }[]
}

/** Every alert of the last `windowMs`, firing or pending. @throws SignalproofError BACKEND_UNREACHABLE, BACKEND_BAD_ANSWER */
export async function readAlertHistories(
  prometheus: Prometheus,
  { windowMs, evaluationMs, signal }: { windowMs: number; evaluationMs: number; signal: AbortSignal },
): Promise<AlertHistory[]> {
  const series = await prometheus.samples('ALERTS', windowMs, { signal })
  return series.map(({ labels: { __name__: _, alertstate = '', ...labels }, samples }) => ({
    labels,
    state: alertstate,
    spells: spellsOf(
      samples.map(({ atMs }) => atMs),
      evaluationMs,
    ),
  }))
}

/** Moments of evaluation as spells: an evaluation that is left out ends one. */
export function spellsOf(atMs: readonly number[], evaluationMs: number): { fromMs: number; toMs: number }[] {
  const spells: { fromMs: number; toMs: number }[] = []
  for (const at of atMs) {
    const last = spells.at(-1)
    if (last !== undefined && at - last.toMs < 1.5 * evaluationMs) last.toMs = at
    else spells.push({ fromMs: at, toMs: at })
  }
  return spells
}
