import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { SignalproofError } from '../core/signalproof-error.ts'

/**
 * The YAML files of a folder in the order of their names, absolute; none where there is no folder.
 * @throws SignalproofError CONFIG_INVALID for a file that ends in `.yml`: it would be left out without a word
 */
export function yamlFilesIn(folder: string): string[] {
  refuseYml(folder)
  return yamlFilesNamed(folder)
}

/** As yamlFilesIn, whatever else lies in the folder: for whoever looks for one file of it. */
export function yamlFilesNamed(folder: string): string[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
  return names.sort().map((name) => join(folder, name))
}

/** @throws SignalproofError CONFIG_INVALID naming the first file that ends in `.yml`, with `deep` of any folder below as well */
export function refuseYml(folder: string, { deep = false }: { deep?: boolean } = {}): void {
  if (!existsSync(folder)) return
  const names = readdirSync(folder, { recursive: deep, encoding: 'utf8' }).sort()
  const name = names.find((each) => each.endsWith('.yml') && !/(^|[/\\])kustomization\.yml$/.test(each))
  if (name === undefined) return
  const file = join(folder, name)
  throw new SignalproofError('CONFIG_INVALID', {
    expected: 'files whose names end in .yaml: only these are read',
    seen: name,
    where: relative(process.cwd(), file) || file,
    remedy: `rename it to ${name.replace(/\.yml$/, '.yaml')}`,
  })
}
