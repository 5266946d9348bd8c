import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { loadConfig } from '../config/load-config.ts'
import { exitStatus } from '../core/error-codes.ts'
import { newRunId } from '../core/run-id.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { runBurnRates, shownFolder } from '../slo/live/run-burn-rates.ts'
import { writeBurn } from '../slo/live/write-burn.ts'
import { readObjectives } from '../slo/read-objectives.ts'
import { showInstall } from '../toolchain/progress-list.ts'
import { abortOnSignals } from './interruption.ts'

/** Adds `burn` to `slo`: the burn-rate alerts watched live, on stand-in services. */
export function addSloBurnCommand(slo: Command): void {
  slo
    .command('burn')
    .description(
      'see the burn-rate alerts fire and stay silent on a real Prometheus, in two minutes and a half',
    )
    .option('--sweep', 'judge a grid of error ratios and traffic too, and draw its boundary')
    .option('--out <folder>', 'where the figures go instead of .signalproof/slo/<run>')
    .option('--json', 'print the figures for programs')
    .action(burn)
}

interface BurnFlags {
  readonly sweep?: boolean
  readonly out?: string
  readonly json?: boolean
}

async function burn({ sweep = false, out, json = false }: BurnFlags): Promise<void> {
  const project = await loadConfig()
  const folder = out === undefined ? join(project.root, '.signalproof', 'slo', newRunId()) : resolve(out)
  const source = join(project.root, 'load', 'slo')
  const objective = readObjectives(source).find(({ bad, pages }) => bad !== undefined && pages)
  if (objective === undefined) {
    throw new SignalproofError('CONFIG_INVALID', {
      expected: 'an objective that counts bad events and pages: stand-ins fail, they are not slow',
      seen: 'none',
      where: source,
      remedy: 'add an availability objective',
    })
  }
  const { signal } = abortOnSignals()
  const install = showInstall()
  try {
    const report = await runBurnRates({
      project,
      objective,
      isSweep: sweep,
      folder,
      signal,
      progress: install.progress,
      tell: (line) => process.stderr.write(`${line}\n`),
    })
    process.stdout.write(
      json ? `${JSON.stringify(report, null, 2)}\n` : `${writeBurn(report)}figures: ${shownFolder(folder)}\n`,
    )
    process.exitCode = report.verdict === 'held' ? exitStatus.proven : exitStatus.stack
  } finally {
    await install.end()
  }
}
