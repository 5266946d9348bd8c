import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { optionVariables, readRunOptions } from '../claims/run-options.ts'
import { findProjectRoot, loadConfig } from '../config/load-config.ts'
import { formatMs } from '../core/eventually.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import type { RunningEnvironment } from '../environments/contract.ts'
import {
  findKeptEnvironment,
  keepEnvironment,
  removeStaleEnvironment,
  stopKeptEnvironment,
} from '../environments/process/kept-environment.ts'
import { prepareCommands } from '../environments/process/process-commands.ts'
import { beginProcessEnvironment } from '../environments/process/process-environment.ts'
import { showProgress } from '../report/progress.ts'
import { askComponents } from './component-answers.ts'
import { abortOnSignals } from './interruption.ts'
import { addRunOptions, type RunFlags } from './run-flags.ts'

/** Adds `up`, `status` and `down`: an environment that is kept between runs. */
export function addEnvironmentCommands(program: Command): void {
  addRunOptions(program.command('up').description('start the stack and keep it; `verify` uses it')).action(up)
  program
    .command('status')
    .description('addresses, versions and uptime of the kept stack, and whatever was left behind')
    .option('--json', 'print it for programs')
    .action(async ({ json }: { json?: boolean }) => await status(json === true))
  program.command('down').description('end the kept stack').action(down)
}

async function up(flags: RunFlags): Promise<void> {
  const options = readRunOptions({
    [optionVariables.profile]: flags.profile,
    [optionVariables.environment]: flags.env,
    [optionVariables.set]: JSON.stringify(flags.set),
  })
  const project = await loadConfig()
  const kept = await findKeptEnvironment(project.root)
  if (kept.kind === 'running') throw alreadyUp(kept.state.startedAt)
  const { signal } = abortOnSignals()
  const progress = showProgress(process.stderr)
  const prepared = await prepareCommands(project.root, { signal, progress: progress.onInstall })
  progress.end('')
  const folder = join(
    project.root,
    '.signalproof',
    'environments',
    `process-${randomBytes(4).toString('hex')}`,
  )
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const startedAt = Date.now()
  const { environment, supervisor, ready } = await beginProcessEnvironment({
    project,
    ...options,
    ...prepared,
    folder,
    startedAt,
    signal,
  })
  try {
    await ready
    await keepEnvironment(project.root, supervisor, { digest: environment.digest, endpoints: environment })
  } catch (thrown) {
    await supervisor.stop({ removeFolder: true })
    throw thrown
  }
  process.stdout.write(
    `${describe(environment)}\nready after ${formatMs(Date.now() - startedAt)}; \`signalproof verify\` uses it, \`signalproof down\` ends it\n`,
  )
}

async function status(asJson: boolean): Promise<void> {
  const root = findProjectRoot(process.cwd())
  const kept = await findKeptEnvironment(root)
  if (asJson) {
    process.stdout.write(`${JSON.stringify(await forPrograms(kept), null, 2)}\n`)
    return
  }
  if (kept.kind === 'none') process.stdout.write('no environment is kept; `signalproof up` starts one\n')
  else if (kept.kind === 'stale')
    process.stdout.write(
      `an environment was left behind: ${kept.why}\n${kept.leftBehind.map((line) => `  ${line}\n`).join('')}\`signalproof down\` removes it\n`,
    )
  else {
    const environment = kept.state.endpoints as RunningEnvironment
    const components = (await askComponents(kept.status.components)).map(
      ({ name, answers, pid }) => `  ${name.padEnd(28)} ${answers}${pid === null ? '' : `, process ${pid}`}`,
    )
    process.stdout.write(
      `${describe(environment)}\nup for ${formatMs(Date.now() - Date.parse(kept.state.startedAt))}\n${components.join('\n')}\n`,
    )
  }
}

async function down(): Promise<void> {
  const root = findProjectRoot(process.cwd())
  const kept = await findKeptEnvironment(root)
  if (kept.kind === 'running') await stopKeptEnvironment(root, kept, { removeFolder: true })
  else if (kept.kind === 'stale') await removeStaleEnvironment(root, kept)
  process.stdout.write(kept.kind === 'none' ? 'nothing to end: no environment is kept\n' : 'ended\n')
}

function describe({ profile, digest, addresses, apps, components, set, folder }: RunningEnvironment): string {
  const rows = [...Object.entries(addresses), ...apps.map(({ name, url }) => [name, url] as const)]
  return [
    `process environment, profile ${profile}, configuration ${digest}${set.length === 0 ? '' : ` with --set ${set.join(' --set ')}`}`,
    ...rows.map(([name, url]) => `  ${name.padEnd(28)} ${url}`),
    ...components.map(({ name, version, provenance }) => `  ${name.padEnd(28)} ${version} (${provenance})`),
    `  ${'folder'.padEnd(28)} ${folder}`,
  ].join('\n')
}

/** Without the tokens: status is read by people and pasted into issues. */
async function forPrograms(kept: Awaited<ReturnType<typeof findKeptEnvironment>>): Promise<unknown> {
  if (kept.kind === 'none') return { kind: 'none' }
  if (kept.kind === 'stale') return { kind: 'stale', why: kept.why, leftBehind: kept.leftBehind }
  const { profile, digest, addresses, apps, components, set, folder } = kept.state
    .endpoints as RunningEnvironment
  return {
    kind: 'running',
    startedAt: kept.state.startedAt,
    profile,
    digest,
    addresses,
    apps,
    components,
    set,
    folder,
    processes: await askComponents(kept.status.components),
  }
}

const alreadyUp = (since: string): SignalproofError =>
  new SignalproofError('ENV_KEPT_RUNNING', {
    expected: 'no environment to be kept yet',
    seen: `one, up since ${since}`,
    remedy: '`signalproof status` shows it, `signalproof down` ends it',
  })
