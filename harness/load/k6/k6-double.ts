import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a stand-in for k6 does instead of sending requests; `$1` and on are its arguments. */
export async function k6Double(folder: string, script: string): Promise<string> {
  const program = join(folder, 'k6')
  await writeFile(program, `#!/bin/sh\n${script}\n`)
  await chmod(program, 0o755)
  return program
}

/** The figures of a run in which all went well, as load/lib/figures.ts writes them; so slow that a busy machine adds little. */
export const figuresOfDouble = {
  plannedIterations: 3,
  iterations: 3,
  dropped: 0,
  virtualUsersMax: 1,
  requests: 3,
  durationMs: 1000,
  routes: [
    {
      name: 'GET /a b',
      requests: 3,
      answers: [
        { status: 200, count: 2 },
        { status: 418, count: 1 },
      ],
      latencyMs: { p50: 1000, p95: 2000, p99: 3000, max: 4000, mean: 1500 },
    },
    { name: 'GET /never', requests: 0, answers: [], latencyMs: {} },
  ],
  thresholds: [{ metric: 'http_req_failed', threshold: 'rate<0.01', held: true }],
}

export const leavingFigures = (figures: unknown = figuresOfDouble) =>
  `cat > "$LOAD_SUMMARY" <<'FIGURES'\n${JSON.stringify(figures)}\nFIGURES`
