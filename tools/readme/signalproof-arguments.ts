import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { loadConfig } from '../../harness/config/load-config.ts'
import { applySettings } from './apply-settings.ts'

/**
 * What is wrong with arguments of `signalproof`, undefined when nothing is: the real commands take them apart, the layers
 * are there, and each `--set` is applied to the configuration that its environment renders. Nothing is run.
 */
export async function argumentsRefused(root: string, args: readonly string[]): Promise<string | undefined> {
  if (args.length === 0) return undefined
  let taken: Command | undefined
  const program = await programWithoutActions(root, (command) => {
    taken = command
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    if (taken === undefined) return undefined
    const { env, set = [] } = taken.opts<{ env?: string; set?: readonly string[] }>()
    await applySettings(await loadConfig(root), env, set)
    const layers = taken.name() === 'verify' ? taken.args : []
    const known = readdirSync(join(root, 'scenarios'))
    const unknown = layers.find((layer) => !known.includes(layer))
    return unknown === undefined ? undefined : `${unknown}, which is no folder of scenarios/`
  } catch (thrown) {
    return (thrown as Error).message.replaceAll(/\s*\n\s*/g, '; ')
  }
}

/** The commands that harness/cli/ has, by the functions there that add them. */
async function programWithoutActions(root: string, take: (command: Command) => void): Promise<Command> {
  const program = new Command('signalproof').version('0')
  const folder = join(root, 'harness/cli')
  for (const file of readdirSync(folder).filter((name) => /-commands?\.ts$/.test(name))) {
    const exported: Record<string, unknown> = await import(join(folder, file))
    for (const [name, add] of Object.entries(exported))
      if (/^add\w+Commands?$/.test(name)) (add as (to: Command) => void)(program)
  }
  if (program.commands.length === 0) throw new Error(`expected commands in ${folder}; seen none`)
  silence(program, take)
  return program
}

function silence(command: Command, take: (command: Command) => void): void {
  command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined })
  for (const below of command.commands) silence(below, take)
  if (command.commands.length === 0) command.action((...given) => take(given.at(-1) as Command))
}
