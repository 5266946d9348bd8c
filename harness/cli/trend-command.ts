import { writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { runsFolder } from '../config/kept-runs.ts'
import { findProjectRoot } from '../config/load-config.ts'
import { describeThrown, SignalproofError } from '../core/signalproof-error.ts'
import { readTrend } from '../report/trend/read-trend.ts'
import { trendSvg } from '../report/trend/trend-svg.ts'
import { writeTrend } from '../report/trend/trend-text.ts'

/** Adds `trend [folder]`: readiness, detection and wall time over the kept runs, drawn and in words. */
export function addTrendCommand(program: Command): void {
  program
    .command('trend')
    .argument('[folder]', 'where runs are kept; .signalproof/runs when not named')
    .description('draw readiness, detection latency and wall time over the kept runs')
    .option('--out <file>', "the picture's file; trend.svg in the folder when not named")
    .action(trend)
}

async function trend(named: string | undefined, { out }: { readonly out?: string }): Promise<void> {
  const folder = named ?? runsFolder(findProjectRoot(process.cwd()))
  const read = readTrend(folder)
  const file = resolve(out ?? join(folder, 'trend.svg'))
  const svg = await trendSvg(read)
  try {
    writeFileSync(file, svg)
  } catch (cause) {
    throw new SignalproofError('USAGE_BAD_VALUE', {
      expected: 'a file that can be written',
      seen: describeThrown(cause),
      where: file,
      remedy: 'name another one with --out',
      cause,
    })
  }
  process.stdout.write(`${writeTrend(read, process.stdout.columns ?? 80)}${relative(process.cwd(), file)}\n`)
}
