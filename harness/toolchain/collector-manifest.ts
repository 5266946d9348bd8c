import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import type { ComponentPin } from './component-pin.ts'
import { modulesFolder } from './module-files.ts'

export const collectorManifest = (name: string) => join(modulesFolder, name, 'builder.yaml')

const modules = z.array(z.object({ gomod: z.string() }))
const manifest = z.object({
  dist: z.object({ version: z.string() }),
  receivers: modules,
  processors: modules,
  exporters: modules,
  extensions: modules,
})

/** The Go modules whose parts a collector must hold to be of use; `otelcol components` lists those that one holds. */
export function requiredParts(pin: ComponentPin): string[] {
  if (pin.build.from !== 'collector-builder') return []
  const { receivers, processors, exporters, extensions } = readManifest(pin.name)
  return [...receivers, ...processors, ...exporters, ...extensions].map(
    ({ gomod }) => gomod.split(' ')[0] ?? gomod,
  )
}

export const readManifest = (name: string) =>
  manifest.parse(parse(readFileSync(collectorManifest(name), 'utf8')))
