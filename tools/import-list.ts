import { parseSync, Visitor } from 'oxc-parser'

/** One import statement, re-export, `import()` or `import('…')` type with the line it starts on. */
export interface FoundImport {
  readonly specifier: string
  readonly line: number
}

/**
 * Every module that a TypeScript file names, types included. A parser reads the file, because an import that only
 * carries a type vanishes in every compiled form. An `import()` of a computed name cannot be judged and is left out.
 * Throws when the file is not TypeScript.
 */
export function importsOf(fileName: string, source: string): FoundImport[] {
  const { program, errors } = parseSync(fileName, source)
  const broken = errors.find((error) => error.severity === 'Error')
  if (broken !== undefined) throw new Error(`${fileName} is not TypeScript: ${broken.message}`)

  const found: FoundImport[] = []
  const take = (node: { readonly type: string; readonly value?: unknown; readonly start: number } | null) => {
    if (typeof node?.value !== 'string') return
    found.push({ specifier: node.value, line: source.slice(0, node.start).split('\n').length })
  }
  new Visitor({
    ImportDeclaration: (node) => take(node.source),
    ExportNamedDeclaration: (node) => take(node.source),
    ExportAllDeclaration: (node) => take(node.source),
    ImportExpression: (node) => take(node.source),
    TSImportType: (node) => take(node.source),
    TSExternalModuleReference: (node) => take(node.expression),
  }).visit(program)
  return found
}
