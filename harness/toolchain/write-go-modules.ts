/**
 * For maintainers, after a change of a version in the table of pins, of a modules/<name>/main.go or of
 * modules/otelcol/builder.yaml: `node harness/toolchain/write-go-modules.ts [name...]` writes modules/<name>/go.mod and
 * go.sum anew.
 *
 * A module cannot be built by its own go.mod from outside its repository, so ours requires what upstream's requires,
 * in the same versions, and takes over its replacements; those by a folder of the repository give way to the published
 * version of that folder (go-module-replacements.ts), or else fall away, and the required version of that module counts.
 * go.sum holds what the named packages need on every platform, no more.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { z } from 'zod'
import type { CollectorBuild, ComponentPin, PublishedModule } from './component-pin.ts'
import { isDropped, publishedFolder } from './go-module-replacements.ts'
import { componentPins } from './pins.ts'
import { goPlatform, type Platform, platforms } from './platforms.ts'

const modulesFolder = join(import.meta.dirname, 'modules')

/** What a main package that needs nothing but Go asks for: the first Go that fetches a newer one for itself. */
const selfFetchingGo = '1.21'

const moduleVersion = z.object({ Path: z.string(), Version: z.string().optional() })
const goMod = z.object({
  Go: z.string(),
  Require: z.array(moduleVersion.extend({ Version: z.string() })).nullish(),
  Replace: z.array(z.object({ Old: moduleVersion, New: moduleVersion })).nullish(),
  Exclude: z.array(moduleVersion.extend({ Version: z.string() })).nullish(),
})

interface GoModule {
  readonly name: string
  /** None where the main package needs nothing but Go. */
  readonly of: PublishedModule | undefined
  readonly packages: readonly string[]
  readonly tags: readonly string[]
  readonly platforms: readonly Platform[]
}

async function go(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await execa('go', args, {
    cwd: folder,
    env: { GOWORK: 'off', CGO_ENABLED: '0', ...env },
  })
  return stdout
}

async function writeGoModule(written: GoModule): Promise<void> {
  const folder = join(modulesFolder, written.name)
  await mkdir(folder, { recursive: true })
  const head = [
    '// Written by harness/toolchain/write-go-modules.ts.',
    `module signalproof.invalid/${written.name}`,
    '',
  ]
  const body =
    written.of === undefined ? [`go ${selfFetchingGo}`] : await requirementsOf(written.name, written.of)
  await writeFile(join(folder, 'go.mod'), `${[...head, ...body].join('\n')}\n`)
  await completeSums(folder, written)
}

/** The lines by which our module gets what upstream's gets. */
async function requirementsOf(
  name: string,
  { module, moduleVersion: version }: PublishedModule,
): Promise<string[]> {
  const downloaded = z
    .object({ GoMod: z.string() })
    .parse(JSON.parse(await go(tmpdir(), ['mod', 'download', '-json', `${module}@${version}`])))
  const upstream = goMod.parse(JSON.parse(await go(tmpdir(), ['mod', 'edit', '-json', downloaded.GoMod])))
  const block = (word: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', `${word} (`, ...lines.map((line) => `\t${line}`), ')']
  const replacements = (upstream.Replace ?? []).flatMap(({ Old, New }) => {
    if (New.Version !== undefined)
      return `${[Old.Path, Old.Version].filter(Boolean).join(' ')} => ${New.Path} ${New.Version}`
    const published = publishedFolder(name, Old.Path)
    return published === undefined ? [] : `${Old.Path} => ${Old.Path} ${published}`
  })
  const requirements = (upstream.Require ?? []).filter(({ Path }) => !isDropped(name, Path))
  return [
    `go ${upstream.Go}`,
    '',
    `require ${module} ${version}`,
    ...block(
      'require',
      requirements.map(({ Path, Version }) => `${Path} ${Version} // indirect`),
    ),
    ...block('replace', replacements),
    ...block(
      'exclude',
      (upstream.Exclude ?? []).map(({ Path, Version }) => `${Path} ${Version}`),
    ),
  ]
}

/** go.sum starts empty and gains what loading the packages for each platform asks for. */
async function completeSums(
  folder: string,
  { packages, tags, platforms }: Pick<GoModule, 'packages' | 'tags' | 'platforms'>,
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
async function writeCollectorModule(name: string, { builder }: CollectorBuild): Promise<void> {
  const everywhere = { tags: [], platforms }
  await writeGoModule({ name: builder.name, of: builder, packages: [builder.module], ...everywhere })
  const work = await mkdtemp(join(tmpdir(), 'signalproof-collector-'))
  try {
    await go(join(modulesFolder, builder.name), ['build', '-o', join(work, 'builder'), builder.module])
    const manifest = join(modulesFolder, name, 'builder.yaml')
    await execa(join(work, 'builder'), ['--config', manifest, '--skip-compilation'], {
      cwd: work,
      stdio: 'inherit',
    })
    const sources = join(work, 'out')
    await completeSums(sources, { packages: ['.'], ...everywhere })
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
  const { name, build } = pin
  if (build.from === 'collector-builder') await writeCollectorModule(name, build)
  if (build.from !== 'go-module' && build.from !== 'go-main') continue
  const [of, packages] = build.from === 'go-module' ? [build, build.packages] : [build.of, ['.']]
  await writeGoModule({ name, of, packages, tags: build.tags ?? [], platforms: pin.platforms ?? platforms })
}
