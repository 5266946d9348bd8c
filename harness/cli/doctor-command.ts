import type { Command } from 'commander'
import { findProjectRoot } from '../config/load-config.ts'
import { exitStatus } from '../core/error-codes.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { answerLimitMs } from '../doctor/ask-tool.ts'
import type { DoctorReport } from '../doctor/doctor-report.ts'
import { examine, reportBadSettings } from '../doctor/examine.ts'
import { writeReport } from '../doctor/write-report.ts'
import { readToolchainSettings, type ToolchainSettings } from '../toolchain/toolchain-settings.ts'
import { neededNode } from './package-version.ts'

/** Adds `doctor`: what this machine has and lacks for `verify`, what would be done instead, and what that takes. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('what this machine has and lacks, what would be done instead, and what that takes')
    .option('--network', 'also ask whether release archives are reached')
    .option('--json', 'print the report as one JSON object')
    .action(doctor)
}

async function doctor({ json, network }: { json?: boolean; network?: boolean }): Promise<void> {
  const report = await reportOf(network === true)
  process.stdout.write(
    json === true
      ? `${JSON.stringify(report, null, 2)}\n`
      : writeReport(report, process.stdout.columns ?? 80),
  )
  process.exitCode = report.verdict === 'not-ready' ? exitStatus.environment : exitStatus.proven
}

async function reportOf(asksNetwork: boolean): Promise<DoctorReport> {
  let settings: ToolchainSettings
  try {
    settings = readToolchainSettings()
  } catch (thrown) {
    if (thrown instanceof SignalproofError) return reportBadSettings(thrown)
    throw thrown
  }
  return await examine({
    settings: { ...settings, readOnly: true, startLimitMs: answerLimitMs },
    environment: process.env,
    projectRoot: projectRoot(),
    neededNode: neededNode(),
    nodeVersion: process.versions.node,
    asksNetwork,
  })
}

function projectRoot(): string | undefined {
  try {
    return findProjectRoot(process.cwd())
  } catch (thrown) {
    if (thrown instanceof SignalproofError) return undefined
    throw thrown
  }
}
