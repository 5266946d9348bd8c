import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { execa } from 'execa'
import { LineCounter, parseAllDocuments } from 'yaml'
import { isMap } from '../config/document-path.ts'
import type { ManifestObject } from '../config/manifest-object.ts'
import { SignalproofError } from '../core/signalproof-error.ts'

/**
 * The objects of one kustomize root, in kustomize's order; `kubectl` is the command that was found or installed.
 * @throws SignalproofError CONFIG_UNREADABLE with file, line and column of what is no YAML; CONFIG_INVALID with what kustomize says
 */
export async function kustomize(kubectl: string, root: string): Promise<ManifestObject[]> {
  const built = await execa(kubectl, ['kustomize', root], { reject: false, stdin: 'ignore' })
  if (built.failed) {
    refuseBrokenYaml(filesOf(root))
    throw refused(root, built.stderr || (built.shortMessage ?? 'nothing'))
  }
  // kustomize has refused what is no YAML, and wrote this itself.
  const documents = parseAllDocuments(built.stdout ?? '', { prettyErrors: false, uniqueKeys: false })
  const objects = documents.map((document) => document.toJS() as unknown)
  const kept = objects.filter(isMap) as unknown as ManifestObject[]
  if (kept.length === 0) throw refused(root, 'no object at all')
  return kept
}

function refused(root: string, said: string): SignalproofError {
  return new SignalproofError('CONFIG_INVALID', {
    expected: 'a folder of manifests that kustomize can build',
    seen: said.replace(/^error: /, '').trim(),
    where: join(root, 'kustomization.yaml'),
    remedy: `mend what it names, and see with kubectl kustomize ${root}`,
  })
}

/** kustomize names the file of a YAML error deep inside a sentence, and the line often not at all. */
function refuseBrokenYaml(files: readonly string[]): void {
  for (const file of files) {
    const lineCounter = new LineCounter()
    const documents = parseAllDocuments(readFileSync(file, 'utf8'), { lineCounter, prettyErrors: false })
    const [error] = [...documents].flatMap(({ errors }) => errors)
    if (error === undefined) continue
    const { line, col } = lineCounter.linePos(error.pos[0])
    throw new SignalproofError('CONFIG_UNREADABLE', {
      expected: 'valid YAML',
      seen: error.message,
      where: `${file}:${line}:${col}`,
      remedy: 'correct the file at that line',
    })
  }
}

/** Every YAML file that a root leads to. */
export function filesOf(root: string): string[] {
  const kustomization = join(root, 'kustomization.yaml')
  if (!existsSync(kustomization)) return []
  const [document] = parseAllDocuments(readFileSync(kustomization, 'utf8'))
  const content = document !== undefined && document.errors.length === 0 ? (document.toJS() as unknown) : {}
  const { resources = [], patches = [] } = (isMap(content) ? content : {}) as {
    resources?: string[]
    patches?: { path?: string }[]
  }
  const named = [...resources, ...patches.flatMap(({ path }) => path ?? [])]
  const below = named.flatMap((name) => {
    const path = resolve(dirname(kustomization), name)
    if (!existsSync(path)) return []
    return statSync(path).isDirectory() ? filesOf(path) : [path]
  })
  return [...new Set([kustomization, ...below])]
}
