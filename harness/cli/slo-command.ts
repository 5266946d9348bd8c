import type { Command } from 'commander'
import { loadConfig } from '../config/load-config.ts'
import { exitStatus } from '../core/error-codes.ts'
import { staleSloFiles, writeSloFiles } from '../slo/generated-files.ts'
import { writeFinding } from '../slo/lint/finding.ts'
import { lintFindings } from '../slo/lint/lint-project.ts'
import { addSloBurnCommand } from './slo-burn-command.ts'

/** Adds `slo generate [--check]`: rules and their tests from the objectives in load/slo. */
export function addSloCommand(program: Command): Command {
  const slo = program
    .command('slo')
    .description('the service level objectives: write their rules, look for mistakes')
    .action(() => slo.help({ error: true }))
  slo
    .command('generate')
    .description('write recording rules, burn-rate alerts and their tests from load/slo')
    .option('--check', 'write nothing; say which files are not as they would be written')
    .action(generate)
  addSloBurnCommand(slo)
  slo
    .command('lint')
    .description('say what the objectives in load/slo promise that their alerts cannot keep')
    .action(lint)
  return slo
}

async function generate({ check = false }: { readonly check?: boolean }): Promise<void> {
  const project = await loadConfig()
  if (!check) {
    for (const { path } of writeSloFiles(project)) process.stdout.write(`${path}\n`)
    return
  }
  const stale = staleSloFiles(project)
  for (const line of stale) process.stderr.write(`${line}\n`)
  if (stale.length === 0) process.stdout.write('the files of the objectives are as they would be generated\n')
  process.exitCode = stale.length === 0 ? exitStatus.proven : exitStatus.stack
}

async function lint(): Promise<void> {
  const findings = lintFindings(await loadConfig())
  for (const finding of findings) process.stderr.write(`${writeFinding(finding)}\n`)
  if (findings.length === 0) process.stdout.write('nothing to be said against the objectives\n')
  process.exitCode = findings.length === 0 ? exitStatus.proven : exitStatus.stack
}
