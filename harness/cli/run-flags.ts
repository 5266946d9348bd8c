import type { Command } from 'commander'

/** Options that say which stack is run; `up` and `verify` take the same ones. */
export interface RunFlags {
  readonly env: string
  readonly profile: string
  readonly set: readonly string[]
}

export function addRunOptions(command: Command): Command {
  const collect = (value: string, before: readonly string[]) => [...before, value]
  return command
    .option('--env <environment>', 'where the stack runs: process', 'process')
    .option('--profile <profile>', 'fast, or production as git holds it', 'fast')
    .option(
      '--set <component:path=value>',
      'change one value of the rendered configuration; repeatable',
      collect,
      [],
    )
}
