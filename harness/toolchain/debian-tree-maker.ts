import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { glob, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { findDebianMirror } from './debian-mirror.ts'
import {
  type DebianRecipe,
  debianSuite,
  emptyInTrees,
  removedFromTrees,
  treeTimeSeconds,
} from './debian-recipes.ts'
import { type DebianTools, treeFailed } from './debian-tools.ts'
import { filesIn, recipeDigest, type TreeReceipt } from './debian-tree-files.ts'
import { goPlatform } from './platforms.ts'
import { runTethered } from './tethered-command.ts'
import type { ToolchainSettings } from './toolchain-settings.ts'

export interface MakerContext {
  readonly tools: DebianTools
  readonly settings: ToolchainSettings
  readonly signal: AbortSignal | undefined
  readonly say: (text: string) => void
}

/** One making, in a staging folder: the tree in `root`, what stays in `output`. */
export class TreeMaker {
  readonly #recipe: DebianRecipe
  readonly #context: MakerContext
  readonly #staging: string
  readonly #root: string

  constructor(recipe: DebianRecipe, staging: string, context: MakerContext) {
    this.#recipe = recipe
    this.#context = context
    this.#staging = staging
    this.#root = join(staging, 'root')
  }

  async run(): Promise<void> {
    const { settings, say } = this.#context
    const output = join(this.#staging, 'output')
    const { tar, packageList, receiptFile } = filesIn(output)
    const mirror = await findDebianMirror(debianSuite, settings.environment)
    await mkdir(output)
    say(
      `installing ${this.#recipe.packages.length} packages of Debian ${debianSuite} from ${mirror ?? "debootstrap's own mirror"}`,
    )
    await this.#bootstrap(mirror)
    await this.#tidy()
    say('packing it')
    await writeFile(packageList, await this.#packages())
    await this.#pack(tar)
    const { size: sizeBytes, mtimeMs } = await stat(tar)
    const made = { recipe: recipeDigest(this.#recipe), mirror, madeAt: new Date().toISOString() }
    const text: TreeReceipt = { ...made, sha256: await sha256Of(tar), sizeBytes, mtimeMs }
    await writeFile(receiptFile, `${JSON.stringify(text, null, 2)}\n`)
  }

  async #bootstrap(mirror: string | undefined): Promise<void> {
    const { tools, settings } = this.#context
    await this.#run([
      // What it mounts in the tree is gone when it ends, however it ends.
      'unshare',
      '--mount',
      tools.debootstrap,
      '--variant=minbase',
      `--arch=${goPlatform(settings.platform).arch}`,
      `--keyring=${tools.keyring}`,
      `--include=${this.#recipe.packages.join(',')}`,
      debianSuite,
      this.#root,
      ...(mirror === undefined ? [] : [mirror]),
    ])
  }

  async #tidy(): Promise<void> {
    for (const pattern of removedFromTrees)
      for await (const path of glob(pattern, { cwd: this.#root }))
        await rm(join(this.#root, path), { recursive: true, force: true })
    const { compiled } = this.#recipe
    if (compiled === undefined) return
    // Compiled files that Python takes without a look at the time of their source, which is not the packages' any more.
    const compile = ['-m', 'compileall', '-q', '-f', '--invalidation-mode', 'unchecked-hash', `/${compiled}`]
    await this.#run(['chroot', this.#root, '/usr/bin/python3', ...compile])
  }

  /** By dpkg's own record in the tree. */
  async #packages(): Promise<string> {
    const status = await readFile(join(this.#root, 'var/lib/dpkg/status'), 'utf8')
    const lines = status.split('\n\n').flatMap((paragraph) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(paragraph)?.[1] ?? ''
      return field('Status') === 'install ok installed'
        ? `${field('Package')} ${field('Version')} ${field('Architecture')}`
        : []
    })
    return `${lines.toSorted().join('\n')}\n`
  }

  async #pack(tar: string): Promise<void> {
    const same = ['--sort=name', `--mtime=@${treeTimeSeconds}`, '--numeric-owner', '--format=posix']
    const pax = '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime'
    const without = emptyInTrees.map((folder) => `--exclude=./${folder}/*`)
    await this.#run(['tar', ...same, pax, ...without, '-C', this.#root, '-cf', tar, '.'])
  }

  async #run([program = '', ...args]: readonly string[]): Promise<void> {
    const { tools, signal, settings } = this.#context
    const end = await runTethered({
      program,
      args,
      cwd: this.#staging,
      environment: tools.environment,
      signal,
    })
    if (end.exitCode !== 0)
      throw treeFailed(this.#recipe.purpose, [program, ...args], end, settings.cacheRoot)
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}
