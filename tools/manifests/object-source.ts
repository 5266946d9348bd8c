import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { isMap, LineCounter, parseAllDocuments } from 'yaml'
import { filesOf } from '../../harness/kube/kustomize.ts'

/** Where each object of the roots is written, `path:line` from `root`, by its objectName. */
export function objectSources(root: string, kustomizeRoots: readonly string[]): ReadonlyMap<string, string> {
  const sources = new Map<string, string>()
  for (const file of new Set(kustomizeRoots.flatMap(filesOf))) {
    const lineCounter = new LineCounter()
    for (const document of parseAllDocuments(readFileSync(file, 'utf8'), { lineCounter })) {
      if (!isMap(document.contents)) continue
      const name = [
        document.get('kind'),
        document.getIn(['metadata', 'namespace']),
        document.getIn(['metadata', 'name']),
      ]
      if (name[0] === undefined || name[2] === undefined) continue
      const key = name.filter((part) => part !== undefined).join('.')
      const { line } = lineCounter.linePos(document.contents.range?.[0] ?? 0)
      // A patch of an overlay has the object's name, too: the first is where it is made.
      if (!sources.has(key)) sources.set(key, `${relative(root, file)}:${line}`)
    }
  }
  return sources
}
