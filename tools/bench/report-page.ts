import { mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { execa } from 'execa'
import { chromium } from 'playwright-core'
import { programOnPath } from '../../harness/core/program-on-path.ts'
import type { PanelsFile } from '../../harness/dashboards/panel-record.ts'
import { resultSchemaVersion } from '../../harness/report/run-result.ts'
import { root } from './signalproof-command.ts'

/**
 * What report.html costs: how long the end of a run takes for it, in a process that has not drawn anything yet, and how
 * long a browser takes until a page with 100 panels is seen.
 */

export interface ReportMeasurement {
  /** With as many panels as the dashboards of this repository have, each in a process of its own. */
  readonly writtenMs: readonly number[]
  readonly writtenPanels: number
  /** From asking for the file to the second frame after it was loaded; empty without a Chromium. */
  readonly openedMs: readonly number[]
  readonly openedPanels: number
  readonly openedBytes: number
}

const [writtenPanels, openedPanels] = [30, 100]

/** @param times how often each is measured */
export async function measureReport(
  times: number,
  { folder, signal, progress }: { folder: string; signal: AbortSignal; progress: (text: string) => void },
): Promise<ReportMeasurement> {
  const [small, large] = [runWith(folder, writtenPanels), runWith(folder, openedPanels)]
  const writtenMs: number[] = []
  for (let time = 1; time <= times; time += 1) {
    progress(`report: writing ${time} of ${times}`)
    writtenMs.push(await write(small, signal))
  }
  await write(large, signal)
  const page = join(large, 'report.html')
  progress('report: opening')
  return {
    writtenMs,
    writtenPanels,
    openedMs: await open(page, times),
    openedPanels,
    openedBytes: statSync(page).size,
  }
}

/** The end of a run has loaded what a run needs; only what the report brings is new to it. */
async function write(folder: string, cancelSignal: AbortSignal): Promise<number> {
  const script = `
    await import('${pathToFileURL(join(root, 'harness/vitest-reporter.ts'))}')
    const { reportLine } = await import('${pathToFileURL(join(root, 'harness/report/html/report-line.ts'))}')
    const begin = performance.now()
    const line = await reportLine(${JSON.stringify(folder)}, '.')
    if (line !== './report.html') throw new Error(line)
    console.log(performance.now() - begin)`
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: root,
    cancelSignal,
  })
  return Number(stdout)
}

async function open(page: string, times: number): Promise<number[]> {
  const program = process.env.CHROMIUM_PROGRAM ?? programOnPath(['chromium', 'google-chrome'], process.env)
  if (program === undefined) return []
  const isRoot = process.getuid?.() === 0
  const browser = await chromium.launch({ executablePath: program, chromiumSandbox: !isRoot })
  try {
    const openedMs: number[] = []
    for (let time = 1; time <= times; time += 1) {
      const context = await browser.newContext({ offline: true, viewport: { width: 1280, height: 900 } })
      const tab = await context.newPage()
      await tab.goto(pathToFileURL(page).href)
      // A frame has been shown when the one after it begins.
      openedMs.push(
        await tab.evaluate<number>(
          'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))',
        ),
      )
      await context.close()
    }
    return openedMs
  } finally {
    await browser.close()
  }
}

/** A run's folder with a proven claim and panels of three series each, half a second apart for a minute and a half. */
function runWith(parent: string, panels: number): string {
  const folder = mkdtempSync(join(parent, `panels-${panels}-`))
  const result = {
    schemaVersion: resultSchemaVersion,
    runId: 'bench',
    startedAt: new Date(0).toISOString(),
    environment: 'process',
    profile: 'fast',
    digest: 'bench',
    verdict: 'proven',
    firstBroken: null,
    wallMs: 90_000,
    readyMs: 5_000,
    criticalPathMs: 90_000,
    criticalPath: [],
    claimsMs: 90_000,
    claims: Array.from({ length: 70 }, (_, index) => ({
      id: `layer-${index % 7}.claim-${index}`,
      layer: `layer-${index % 7}`,
      title: 'what is true of the stack',
      verdict: 'proven',
      startedAt: 0,
      ms: 100,
      lookups: 1,
      needs: index < 7 ? [] : [`layer-${index % 7}.claim-${index - 7}`],
      after: [],
    })),
    timelines: [],
    alerts: { expected: [], seen: [] },
    alertTable: [],
    noise: [],
    notifications: [],
    notes: [],
    set: [],
    promises: [],
    components: [],
  }
  writeFileSync(join(folder, 'result.json'), JSON.stringify(result))
  writeFileSync(join(folder, 'panels.json'), JSON.stringify(panelsOf(panels)))
  return folder
}

function panelsOf(count: number): PanelsFile {
  const series = (name: string, phase: number) => ({
    name,
    labels: { app: name },
    points: Array.from({ length: 180 }, (_, at) => [at * 500, 5 + Math.sin(at / 9 + phase)] as const),
  })
  return {
    range: { fromMs: 0, toMs: 90_000, stepMs: 500 },
    faults: [{ name: 'a fault', fromMs: 20_000, toMs: 30_000 }],
    panels: Array.from({ length: count }, (_, id) => ({
      dashboard: { uid: `d${id % 5}`, title: `Dashboard ${id % 5}` },
      id,
      title: `Panel ${id}`,
      type: 'timeseries',
      unit: 'reqps',
      thresholds: [{ value: 7, color: 'red' }],
      verdict: 'data',
      queries: [
        {
          refId: 'A',
          datasource: { type: 'prometheus', uid: 'prometheus' },
          written: 'sum by (app) (rate(http_requests_total[$__rate_interval]))',
          sent: 'sum by (app) (rate(http_requests_total[4s]))',
          verdict: 'data',
          series: ['one', 'another', 'a third'].map((name, phase) => series(name, phase + id)),
        },
      ],
    })),
  }
}
