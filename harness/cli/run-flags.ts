import type { Command } from 'commander'
import { optionVariables } from '../claims/run-options.ts'
import { knownHomes } from '../environments/homes.ts'

/** Options that say which stack is run; `up` and `verify` take the same ones. */
export interface RunFlags {
  readonly env: string
  readonly profile: string
  readonly set: readonly string[]
}

/** What the variable says, as for `npx vitest`. */
export const defaultEnvironment = (): string => process.env[optionVariables.environment] ?? 'process'

export function addRunOptions(command: Command): Command {
  const collect = (value: string, before: readonly string[]) => [...before, value]
  return command
    .option('--env <environment>', `where the stack runs: ${knownHomes.join(', ')}`, defaultEnvironment())
    .option('--profile <profile>', 'fast, or production as git holds it', 'fast')
    .option(
      '--set <component:path=value>',
      'change one value of the rendered configuration; repeatable',
      collect,
      [],
    )
}
