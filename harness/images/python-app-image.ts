import { createHash } from 'node:crypto'
import { cp, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SignalproofError } from '../core/signalproof-error.ts'
import { pythonApp } from '../toolchain/app-builds.ts'
import { findPython } from '../toolchain/python-interpreter.ts'
import { runTethered } from '../toolchain/tethered-command.ts'
import { pythonLayers } from './app-bases.ts'
import { appRecipe, pythonPackages } from './app-configs.ts'
import type { SupplyContext } from './component-supply.ts'
import { containerArchitecture } from './container-platform.ts'
import type { ImageRecipe, LayerRecipe } from './image-recipe.ts'
import type { StoreOptions } from './image-store.ts'
import { entriesBelow, keyOfEntries, type LayerEntry, temporaryFolder } from './layer-entry.ts'
import { layer, scheduleData } from './layer-recipe.ts'

/** The images' Python, for which the requirements are taken whatever Python runs here; requirements.lock is made for it. */
const pythonVersion = '3.11'
const wheelPlatforms = { amd64: 'x86_64', arm64: 'aarch64' }

/** The image of the app in Python: Python, the requirements, then the sources, compiled. */
export async function pythonAppRecipe(root: string, context: SupplyContext): Promise<ImageRecipe> {
  const sources = join(root, 'apps', pythonApp)
  return {
    ...appRecipe(pythonApp),
    architecture: containerArchitecture(),
    layers: [
      ...(await pythonLayers(context)),
      await requirementsLayer(join(sources, 'requirements.lock'), context),
      await layer('writing the data', false, [temporaryFolder, scheduleData(root, 'app/schedules.json')]),
      await sourcesLayer(sources, context),
    ],
  }
}

async function requirementsLayer(lock: string, { signal }: StoreOptions): Promise<LayerRecipe> {
  const digest = createHash('sha256')
    .update(await readFile(lock))
    .digest('hex')
  const arch = containerArchitecture()
  return {
    title: 'fetching the requirements of the app in Python',
    key: `requirements 2 ${digest} ${pythonVersion} ${arch}`,
    kept: true,
    content: {
      async entries(work) {
        const packages = join(work, 'packages')
        const python = await findPython({
          minor: 9,
          purpose: 'for the demo app',
          environment: process.env,
          signal,
        })
        const target = ['--python-version', pythonVersion, '--implementation', 'cp', '--only-binary', ':all:']
        const platforms = ['2_28', '2_17', '2014'].flatMap((level) => [
          '--platform',
          `manylinux${level.includes('_') ? `_${level}` : level}_${wheelPlatforms[arch]}`,
        ])
        await run(
          python,
          [
            ...['-m', 'pip', '--no-input', 'install', '--quiet', '--disable-pip-version-check', '--no-deps'],
            ...['--require-hashes', '--target', packages, '--no-compile', ...target, ...platforms],
            ...['--requirement', lock],
          ],
          work,
          signal,
        )
        await compile(python, packages, pythonPackages, work, signal)
        return await entriesBelow(packages, pythonPackages.slice(1), (file) => !file.startsWith('bin/'))
      },
    },
  }
}

async function sourcesLayer(sources: string, { signal }: StoreOptions): Promise<LayerRecipe> {
  const isSource = (file: string) => file.endsWith('.py')
  const files = await entriesBelow(join(sources, 'available_schedules'), 'app/available_schedules', isSource)
  return {
    title: 'compiling the app in Python',
    key: `sources 1 ${await keyOfEntries(files)}`,
    kept: false,
    content: {
      async entries(work): Promise<LayerEntry[]> {
        const copy = join(work, 'app')
        await mkdir(copy)
        await cp(join(sources, 'available_schedules'), join(copy, 'available_schedules'), {
          recursive: true,
          filter: (path) => !path.endsWith('__pycache__'),
        })
        const python = await findPython({
          minor: 9,
          purpose: 'for the demo app',
          environment: process.env,
          signal,
        })
        await compile(python, copy, '/app', work, signal)
        return await entriesBelow(copy, 'app')
      },
    },
  }
}

/**
 * Compiled here, since the container's file system may be read-only and starting must not wait for it. By another
 * version of Python the files would not be read, so then there are none.
 */
async function compile(
  python: string,
  folder: string,
  inImage: string,
  work: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const version = await run(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], work, signal)
  if (version.at(-1) !== pythonVersion) return
  const places = ['-s', folder, '-p', inImage]
  const args = ['-m', 'compileall', '-q', '--invalidation-mode', 'unchecked-hash', ...places, folder]
  await run(python, args, work, signal)
}

async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const environment = { ...process.env, TMPDIR: cwd, PYTHONHASHSEED: '0' }
  const end = await runTethered({ program, args, cwd, environment, signal })
  if (end.exitCode === 0) return end.lastLines
  throw new SignalproofError('TOOL_DOWNLOAD', {
    expected: `${program} ${args.slice(0, 4).join(' ')} … to succeed, for the image of ${pythonApp}`,
    seen: `status ${end.exitCode}, and these last lines:${end.lastLines
      .slice(-8)
      .map((line) => `\n        ${line}`)
      .join('')}`,
    remedy: 'correct what these lines name and run the same command again; nothing half made was kept',
  })
}
