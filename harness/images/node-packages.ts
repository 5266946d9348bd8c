import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { z } from 'zod'
import { SignalproofError } from '../core/signalproof-error.ts'
import { entriesBelow, type LayerEntry } from './layer-entry.ts'

/** What the apps in TypeScript import. Both images have all of it, so that they have the layer in common. */
export const nodeAppPackages = [
  '@opentelemetry/api',
  '@opentelemetry/core',
  '@opentelemetry/exporter-trace-otlp-proto',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-trace',
  '@opentelemetry/semantic-conventions',
  'axios',
  'express',
  'prom-client',
  'zod',
] as const

const packageFile = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  version: z.string(),
})

/** Not read at run time, and half of the size. */
const notRun = /\.(md|map|markdown|d\.[cm]?ts|[cm]?ts)$/i

/**
 * The installed packages with all that they depend on, found from `root` as Node finds them, as entries below `path`.
 * @throws SignalproofError TOOL_UNAVAILABLE when one is not installed
 */
export async function packageEntries(
  names: readonly string[],
  root: string,
  path: string,
): Promise<LayerEntry[]> {
  const folders = new Map<string, string>()
  const waiting = names.map((name) => ({ name, from: root }))
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const folder = findPackage(next.name, next.from)
    if (folders.has(folder.path)) continue
    folders.set(folder.path, folder.inImage)
    const { dependencies } = packageFile.parse(
      JSON.parse(await readFile(join(folder.path, 'package.json'), 'utf8')),
    )
    waiting.push(...Object.keys(dependencies).map((name) => ({ name, from: folder.path })))
  }
  const entries = await Promise.all(
    [...folders].map(([folder, inImage]) =>
      entriesBelow(
        folder,
        join(path, inImage),
        (file) => !notRun.test(file) && !file.split('/').includes('node_modules'),
      ),
    ),
  )
  return entries.flat()
}

/** Where Node would find it: in the node_modules of the folder that asks, or of one above. */
function findPackage(name: string, from: string): { path: string; inImage: string } {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name)
    if (existsSync(join(path, 'package.json'))) return { path, inImage: belowModules(path) }
    if (folder === dirname(folder)) break
  }
  throw new SignalproofError('TOOL_UNAVAILABLE', {
    expected: `the npm package ${name}, for the images of the apps in TypeScript`,
    seen: `none in ${relative(process.cwd(), from) || '.'} or above`,
    remedy: 'npm ci',
  })
}

/** From the first node_modules on, so that what is nested stays nested. */
const belowModules = (path: string) => path.slice(path.indexOf('/node_modules/') + 1)
