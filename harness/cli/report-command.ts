import { relative } from 'node:path'
import type { Command } from 'commander'
import { folderNamed, newestRun } from '../config/kept-runs.ts'
import { findProjectRoot } from '../config/load-config.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { openInBrowser, requireOpener } from './open-in-browser.ts'

interface ReportFlags {
  readonly open?: boolean
  readonly compare?: boolean
}

/** Adds `report [run...]`: the page about one kept run, or with --compare about what changed between two. */
export function addReportCommand(program: Command): void {
  program
    .command('report')
    .argument('[run...]', 'a run by its id, its folder or its result.json; the newest one by default')
    .description('write the report of a kept run as one HTML page, and print its path')
    .option('--open', 'show it in a browser')
    .option('--compare', 'write what changed from the first to the second of two runs')
    .action(report)
}

async function report(named: readonly string[], { open, compare }: ReportFlags): Promise<void> {
  const root = findProjectRoot(process.cwd())
  // Said before anything is written: whoever asked to see it should not have to look for a file.
  const opener = open === true ? requireOpener(process.platform, process.env) : undefined
  const path = compare === true ? await comparison(root, named) : await single(root, named)
  process.stdout.write(`${relative(process.cwd(), path)}\n`)
  if (opener !== undefined) await openInBrowser(opener, path)
}

async function single(root: string, named: readonly string[]): Promise<string> {
  const [run, ...others] = named
  if (others.length > 0) throw wrongCount('one run, or --compare and two', named)
  const { writeReport } = await import('../report/html/write-report.ts')
  return await writeReport(run === undefined ? newestRun(root) : folderNamed(root, run))
}

async function comparison(root: string, named: readonly string[]): Promise<string> {
  const [before, after, ...others] = named
  if (before === undefined || after === undefined || others.length > 0)
    throw wrongCount('two runs to compare', named)
  const { writeComparisonReport } = await import('../report/html/comparison/write-comparison-report.ts')
  return writeComparisonReport(root, folderNamed(root, before), folderNamed(root, after))
}

const wrongCount = (expected: string, named: readonly string[]): SignalproofError =>
  new SignalproofError('USAGE_BAD_VALUE', {
    expected,
    seen: named.length === 0 ? 'none' : named.join(' '),
    remedy: '`signalproof report RUN`, or `signalproof report --compare RUN RUN`',
  })
