#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { exitStatus } from '../core/error-codes.ts'
import { exitStatusOf, SignalproofError } from '../core/signalproof-error.ts'
import { addCompareCommand } from './compare-command.ts'
import { addDoctorCommand } from './doctor-command.ts'
import { addEnvironmentCommands } from './environment-commands.ts'
import { addLoadCommand } from './load-command.ts'
import { packageVersion } from './package-version.ts'
import { addReportCommand } from './report-command.ts'
import { addRulesCommand } from './rules-command.ts'
import { addSloCommand } from './slo-command.ts'
import { addToolchainCommand } from './toolchain-command.ts'
import { addTrendCommand } from './trend-command.ts'
import { addVerifyCommand } from './verify-command.ts'

/** The command line: one file a command. Whatever is thrown ends here, as words for the reader and an exit status. */
async function main(args: readonly string[]): Promise<void> {
  const program = new Command('signalproof')
    .description('Proves that an observability stack tells the truth about the apps it watches.')
    .version(packageVersion())
    .showHelpAfterError('(signalproof --help shows what there is)')
    .exitOverride()
  addVerifyCommand(program)
  addLoadCommand(program)
  addEnvironmentCommands(program)
  addToolchainCommand(program)
  addDoctorCommand(program)
  addRulesCommand(program)
  addCompareCommand(program)
  addReportCommand(program)
  addSloCommand(program)
  addTrendCommand(program)
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program)
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (thrown) {
    process.exitCode = explain(thrown)
  }
}

function explain(thrown: unknown): number {
  // Commander has said what is wrong with the arguments; help and version are no failures.
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitStatus.proven : exitStatus.usage
  if (isInterruption(thrown)) return exitStatus.interrupted
  process.stderr.write(`${thrown instanceof SignalproofError ? thrown.message : describeDefect(thrown)}\n`)
  return exitStatusOf(thrown)
}

export const isInterruption = (thrown: unknown): boolean =>
  thrown instanceof Error && thrown.name === 'AbortError'

function describeDefect(thrown: unknown): string {
  const details = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  return `INTERNAL: a defect of signalproof itself; please report it with these lines\n${details}`
}

await main(process.argv.slice(2))
