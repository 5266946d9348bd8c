/**
 * For maintainers, after a change of a version in pins.ts or of modules/otelcol/builder.yaml:
 * `node harness/toolchain/write-go-modules.ts [name...]` writes modules/<name>/go.mod and go.sum anew.
 *
 * A module cannot be built by its own go.mod from outside its repository, so ours requires what upstream's requires,
 * in the same versions, and takes over its replacements; those by a folder of the repository fall away, and the
 * required version of that module counts. go.sum holds what the named packages need on every platform, no more.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { z } from 'zod'
import { type ComponentPin, componentPins } from './pins.ts'
import { goPlatform, platforms } from './platforms.ts'

const modulesFolder = join(import.meta.dirname, 'modules')

const moduleVersion = z.object({ Path: z.string(), Version: z.string().optional() })
const goMod = z.object({
  Go: z.string(),
  Require: z.array(moduleVersion.extend({ Version: z.string() })).nullish(),
  Replace: z.array(z.object({ Old: moduleVersion, New: moduleVersion })).nullish(),
  Exclude: z.array(moduleVersion.extend({ Version: z.string() })).nullish(),
})

interface GoModule {
  readonly name: string
  readonly module: string
  readonly moduleVersion: string
  readonly packages: readonly string[]
  readonly tags: readonly string[]
}

async function go(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await execa('go', args, {
    cwd: folder,
    env: { GOWORK: 'off', CGO_ENABLED: '0', ...env },
  })
  return stdout
}

async function writeGoModule({
  name,
  module,
  moduleVersion: version,
  packages,
  tags,
}: GoModule): Promise<void> {
  const folder = join(modulesFolder, name)
  await mkdir(folder, { recursive: true })
  const downloaded = z
    .object({ GoMod: z.string() })
    .parse(JSON.parse(await go(tmpdir(), ['mod', 'download', '-json', `${module}@${version}`])))
  const upstream = goMod.parse(JSON.parse(await go(tmpdir(), ['mod', 'edit', '-json', downloaded.GoMod])))

  const block = (word: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', `${word} (`, ...lines.map((line) => `\t${line}`), ')']
  const replaced = (upstream.Replace ?? []).filter(({ New }) => New.Version !== undefined)
  const text = [
    '// Written by harness/toolchain/write-go-modules.ts.',
    `module signalproof.invalid/${name}`,
    '',
    `go ${upstream.Go}`,
    '',
    `require ${module} ${version}`,
    ...block(
      'require',
      (upstream.Require ?? []).map(({ Path, Version }) => `${Path} ${Version} // indirect`),
    ),
    ...block(
      'replace',
      replaced.map(
        ({ Old, New }) =>
          `${[Old.Path, Old.Version].filter(Boolean).join(' ')} => ${New.Path} ${New.Version}`,
      ),
    ),
    ...block(
      'exclude',
      (upstream.Exclude ?? []).map(({ Path, Version }) => `${Path} ${Version}`),
    ),
  ]
  await writeFile(join(folder, 'go.mod'), `${text.join('\n')}\n`)
  await completeSums(folder, packages, tags)
}

/** go.sum starts empty and gains what loading the packages for each platform asks for. */
async function completeSums(
  folder: string,
  packages: readonly string[],
  tags: readonly string[],
): Promise<void> {
  await rm(join(folder, 'go.sum'), { force: true })
  for (const { os, arch } of platforms.map(goPlatform)) {
    await go(folder, ['list', '-mod=mod', '-deps', '-tags', tags.join(','), ...packages], {
      GOOS: os,
      GOARCH: arch,
    })
  }
}

/** The collector's go.mod is the one its builder resolves from our manifest. */
async function writeCollectorModule(name: string, builder: GoModule): Promise<void> {
  await writeGoModule(builder)
  const work = await mkdtemp(join(tmpdir(), 'signalproof-collector-'))
  try {
    await go(join(modulesFolder, builder.name), ['build', '-o', join(work, 'builder'), builder.module])
    const manifest = join(modulesFolder, name, 'builder.yaml')
    await execa(join(work, 'builder'), ['--config', manifest, '--skip-compilation'], {
      cwd: work,
      stdio: 'inherit',
    })
    const sources = join(work, 'out')
    await completeSums(sources, ['.'], [])
    for (const file of ['go.mod', 'go.sum']) {
      await writeFile(join(modulesFolder, name, file), await readFile(join(sources, file)))
    }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

const asked = process.argv.slice(2)
for (const pin of Object.values<ComponentPin>(componentPins)) {
  if (asked.length > 0 && !asked.includes(pin.name)) continue
  const { build } = pin
  if (build.from === 'go-module') await writeGoModule({ name: pin.name, ...build })
  if (build.from === 'collector-builder') {
    await writeCollectorModule(pin.name, { ...build.builder, packages: [build.builder.module], tags: [] })
  }
}
