import type { Command } from 'commander'
import { exitStatus } from '../core/error-codes.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { findChecksum, readChecksums } from '../toolchain/checksums.ts'
import { type ComponentPin, isReleased } from '../toolchain/component-pin.ts'
import { debianTreeNames } from '../toolchain/debian-recipes.ts'
import { makeDebianTree } from '../toolchain/debian-tree.ts'
import { describeCost, installComponents } from '../toolchain/install-components.ts'
import { isMadeFor, releaseFile } from '../toolchain/install-job.ts'
import type { InstallProgress } from '../toolchain/install-progress.ts'
import { pinChecksums } from '../toolchain/pin-checksums.ts'
import {
  type ComponentName,
  clusterComponents,
  componentNames,
  componentPins,
  stackComponents,
} from '../toolchain/pins.ts'
import { showInstall } from '../toolchain/progress-list.ts'
import {
  describeSearch,
  type ResolvedComponent,
  resolveComponent,
  searchComponent,
} from '../toolchain/resolve-component.ts'
import { readToolchainSettings, type ToolchainSettings } from '../toolchain/toolchain-settings.ts'

/** Adds `toolchain list|install|path|pin`: the components that signalproof runs, and where each comes from. */
export function addToolchainCommand(program: Command): void {
  const toolchain = program
    .command('toolchain')
    .description('the components that are run: find, install and pin them')
    .action(() => toolchain.help({ error: true }))
  toolchain
    .command('list')
    .description('what is there, from where, and how what is missing would be made')
    .option('--json', 'print a list for programs')
    .action(async ({ json }: { json?: boolean }) => await list(json === true))
  toolchain
    .command('install')
    .argument(
      '[name...]',
      `components, of ${componentNames.join(', ')}; cluster: those that a cluster of ours takes beside the stack; without a name, the stack`,
    )
    .description('find each component, or download or build it')
    .action(async (names: string[]) => await install(namedComponents(names)))
  toolchain
    .command('trees')
    .description(
      'make the root file systems of Debian on which images of a cluster are built (as root, once)',
    )
    .action(
      async () =>
        await showing(async (options) => {
          const rows: string[][] = []
          for (const name of debianTreeNames) {
            const { tar, digest } = await makeDebianTree(name, options)
            rows.push([`debian-${name}`, digest.slice(0, 12), tar])
          }
          return () => process.stdout.write(asColumns(rows))
        }),
    )
  toolchain
    .command('path')
    .argument('<name>', 'a component or one of its programs, such as promtool')
    .description('print the whole path of a program that is there')
    .action(async (name: string) => await printPath(name))
  toolchain
    .command('pin')
    .argument('<name>', 'a component')
    .description("fetch the publisher's checksums of its release archives and write them down")
    .action(async (name: string) => await pin(componentPins[knownName(name)]))
}

interface ListedComponent {
  readonly name: string
  readonly version: string
  readonly provenance: ResolvedComponent['provenance'] | 'missing'
  readonly location: string | null
  /** Of what is missing: where it was looked for, and what an install would do. */
  readonly remark?: string
}

async function list(asJson: boolean): Promise<void> {
  const settings = readToolchainSettings()
  const rows = await Promise.all(componentNames.map((name) => listed(componentPins[name], settings)))
  if (asJson) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
  else
    process.stdout.write(
      asColumns(rows.map((row) => [row.name, row.version, row.provenance, row.location ?? row.remark ?? ''])),
    )
}

async function listed(pin: ComponentPin, settings: ToolchainSettings): Promise<ListedComponent> {
  const missing = { name: pin.name, version: pin.version, provenance: 'missing', location: null } as const
  try {
    const search = await searchComponent(pin, settings)
    if (search.found === undefined)
      return { ...missing, remark: `${describeSearch(search)}; install ${await installWay(pin, settings)}` }
    const { name, version, provenance, location } = search.found
    return { name, version, provenance, location }
  } catch (thrown) {
    if (!(thrown instanceof SignalproofError)) throw thrown
    return { ...missing, remark: `${thrown.account.where ?? ''}: ${thrown.account.seen}` }
  }
}

async function installWay(pin: ComponentPin, settings: ToolchainSettings): Promise<string> {
  const { platform } = settings
  if (!isMadeFor(pin, platform)) return `cannot make it on ${platform}: it runs in containers only`
  const otherwise =
    pin.build.from === 'wheel'
      ? `fetches the wheel ${pin.build.package}`
      : `compiles it, ${describeCost(pin.build)}`
  const known = await readChecksums(settings)
  return !isReleased(pin) ||
    findChecksum(known, pin.name, pin.version, releaseFile(pin, platform)) === undefined
    ? otherwise
    : `downloads the release archive; where that is not reached, it ${otherwise}`
}

const install = (names: readonly ComponentName[]) =>
  showing(async (options) => {
    const found = await installComponents(names, options)
    return () =>
      process.stdout.write(
        asColumns(
          found.map(({ name, version, provenance, location }) => [name, version, provenance, location]),
        ),
      )
  })

/** Shows what work does as it goes on, and has it end well when it is interrupted; what it hands back comes after that. */
async function showing(
  work: (options: { signal: AbortSignal; progress: InstallProgress }) => Promise<() => void>,
): Promise<void> {
  const interruption = new AbortController()
  const interrupt = () => interruption.abort()
  for (const signal of interrupts) process.once(signal, interrupt)
  const view = showInstall()
  try {
    const print = await work({ signal: interruption.signal, progress: view.progress })
    await view.end()
    print()
  } catch (thrown) {
    await view.end()
    if (!interruption.signal.aborted) throw thrown
    process.stderr.write(
      'interrupted; what is finished is kept, and the same command goes on where this one stopped\n',
    )
    process.exitCode = exitStatus.interrupted
  } finally {
    for (const signal of interrupts) process.off(signal, interrupt)
  }
}

const interrupts = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

async function printPath(name: string): Promise<void> {
  const owner = componentNames.find((component) =>
    (componentPins[component].binaries as readonly string[]).includes(name),
  )
  const { location, binaries } = await resolveComponent(owner ?? knownName(name))
  process.stdout.write(`${binaries[name] ?? location}\n`)
}

async function pin(component: ComponentPin): Promise<void> {
  const { file, pinned, notStated } = await pinChecksums(component, readToolchainSettings())
  process.stdout.write(asColumns(pinned.map((entry) => [entry.file, entry.sha256])))
  for (const reason of notStated) process.stderr.write(`not pinned: ${reason}\n`)
  process.stderr.write(`written to ${file}\n`)
}

/** What a cluster takes beside the stack is not installed unasked: most people need none of it. */
function namedComponents(names: readonly string[]): ComponentName[] {
  if (names.length === 0) return [...stackComponents]
  return names.flatMap((name) => (name === 'cluster' ? clusterComponents : [knownName(name)]))
}

function knownName(name: string): ComponentName {
  const known = componentNames.find((component) => component === name)
  if (known !== undefined) return known
  throw new SignalproofError('USAGE_UNKNOWN_NAME', {
    expected: `a component: ${componentNames.join(', ')}`,
    seen: name,
    remedy: 'signalproof toolchain list shows them',
  })
}

function asColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
