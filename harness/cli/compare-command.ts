import type { Command } from 'commander'
import { findProjectRoot } from '../config/load-config.ts'
import { compareRuns } from '../load/compare/compare-runs.ts'
import { readKeptSeries } from '../load/compare/kept-load.ts'
import { writeComparison } from '../load/compare/write-comparison.ts'

/** Adds `compare <before> <after>`: two kept runs of load, or two series of repeats. A change is no failure: it ends with 0. */
export function addCompareCommand(program: Command): void {
  program
    .command('compare')
    .argument('<before>', 'a run of load or a series of repeats, by its id or its folder')
    .argument('<after>', 'the one that is compared with it')
    .description('say what changed between two kept runs of load, and whether it is beyond the noise')
    .option('--json', 'print the comparison for programs')
    .action(compare)
}

function compare(before: string, after: string, { json }: { readonly json?: boolean }): void {
  const root = findProjectRoot(process.cwd())
  const comparison = compareRuns(readKeptSeries(root, before), readKeptSeries(root, after))
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ schemaVersion: 1, ...comparison }, null, 2)}\n`
      : writeComparison(comparison, process.stdout.columns ?? 80),
  )
}
