import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { RunOptions } from '../claims/run-options.ts'
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

/** The commands of an environment of processes that is kept between runs. */

export async function upProcesses(options: Pick<RunOptions, 'profile' | 'set'>): Promise<void> {
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
    profile: options.profile,
    set: options.set,
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

export async function statusOfProcesses(asJson: boolean): Promise<void> {
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

export async function downProcesses(): Promise<void> {
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
