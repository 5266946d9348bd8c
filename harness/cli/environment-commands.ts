import type { Command } from 'commander'
import { optionVariables, readRunOptions } from '../claims/run-options.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { downProcesses, statusOfProcesses, upProcesses } from './kept-processes.ts'
import { addRunOptions, defaultEnvironment, type RunFlags } from './run-flags.ts'

/** Environments that can be kept. */
const keepable = ['process', 'k3s'] as const
type Keepable = (typeof keepable)[number]

interface UpFlags extends RunFlags {
  readonly hosts?: boolean
  readonly port?: number
}

interface KeptFlags {
  readonly env: string
  readonly json?: boolean
  readonly all?: boolean
}

/** Adds `up`, `deploy`, `status` and `down`: an environment that is kept between runs. */
export function addEnvironmentCommands(program: Command): void {
  addRunOptions(program.command('up').description('start the stack and keep it; `verify` uses it'))
    .option('--port <port>', 'where the ingress of k3s listens on 127.0.0.1; 80 where that is free', portOf)
    .option('--hosts', "add the line of the ingress's host to /etc/hosts (k3s)")
    .action(up)
  const withEnvironment = (command: Command, known: readonly string[] = keepable) =>
    command.option('--env <environment>', `which one: ${known.join(', ')}`, defaultEnvironment())
  program
    .command('deploy')
    .description('build the apps and roll them out on the kept cluster; what did not change stays')
    .action(async () => await (await keptCluster()).deployToCluster())
  withEnvironment(program.command('status'))
    .description('addresses, versions and uptime of the kept stack, and whatever was left behind')
    .option('--json', 'print it for programs')
    .action(status)
  withEnvironment(program.command('down'))
    .description('end the kept stack')
    .option(
      '--all',
      'end what is kept in every environment, or in the one that --env names, and remove what Docker has of runs that were killed and of prepared nodes',
    )
    .action((flags: KeptFlags, command: Command) =>
      down(flags, command.getOptionValueSource('env') === 'cli'),
    )
}

/** Docker and Kubernetes are loaded for those who ask for them. */
const keptCluster = () => import('./kept-cluster.ts')

async function up({ env, port, hosts, ...flags }: UpFlags): Promise<void> {
  const environment = keepableOf(env)
  const options = readRunOptions({
    [optionVariables.profile]: flags.profile,
    [optionVariables.environment]: environment,
    [optionVariables.set]: JSON.stringify(flags.set),
  })
  if (environment === 'process') return await upProcesses(options)
  const more = { ...(port === undefined ? {} : { port }), addHosts: hosts === true }
  await (await keptCluster()).upCluster({ ...options, ...more })
}

async function status({ env, json }: KeptFlags): Promise<void> {
  if (keepableOf(env) === 'process') return await statusOfProcesses(json === true)
  await (await keptCluster()).statusOfCluster(json === true)
}

/** @param isNamed whether `--env` was written; `--all` without it is of every environment */
async function down({ env, all = false }: KeptFlags, isNamed: boolean): Promise<void> {
  const named = keepableOf(env)
  for (const environment of all && !isNamed ? keepable : [named]) {
    if (environment === 'process') await downProcesses()
    else await (await keptCluster()).downCluster(all)
  }
}

/** @throws SignalproofError USAGE_BAD_VALUE */
function keepableOf(name: string): Keepable {
  const known = keepable.find((environment) => environment === name)
  if (known !== undefined) return known
  throw new SignalproofError('USAGE_BAD_VALUE', {
    expected: `an environment that can be kept: ${keepable.join(' or ')}`,
    seen: name,
    where: `--env or ${optionVariables.environment}`,
    remedy: 'name one of these',
  })
}

/** @throws SignalproofError USAGE_BAD_VALUE */
function portOf(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new SignalproofError('USAGE_BAD_VALUE', {
    expected: 'a port from 1 to 65535',
    seen: text,
    where: '--port',
    remedy: 'name a free port of 127.0.0.1, such as 8080',
  })
}
