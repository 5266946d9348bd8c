import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import type { CodePiece } from './markdown.ts'

/** The errors of TypeScript blocks that import the package by its name, each with its line of the page. */
export async function typeErrors(
  root: string,
  blocks: readonly CodePiece[],
): Promise<{ line: number; error: string }[]> {
  if (blocks.length === 0) return []
  const folder = mkdtempSync(join(tmpdir(), 'signalproof-readme-'))
  try {
    const settings = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: {
        paths: { signalproof: [join(root, 'harness/test.ts')] },
        typeRoots: [join(root, 'node_modules/@types')],
      },
      include: ['*.ts'],
      exclude: [],
    }
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
    for (const [index, { text }] of blocks.entries()) writeFileSync(join(folder, `block-${index}.ts`), text)
    const asked = ['--noEmit', '--pretty', 'false', '-p', folder]
    const { failed, stdout } = await execa(join(root, 'node_modules/.bin/tsc'), asked, {
      cwd: folder,
      reject: false,
    })
    const errors = [...stdout.matchAll(/^block-(\d+)\.ts\((\d+),\d+\): error (.*)$/gm)].map(
      ([, index, line, error = '']) => ({
        line: (blocks[Number(index)]?.line ?? 1) + Number(line) - 1,
        error,
      }),
    )
    if (failed && errors.length === 0) throw new Error(`tsc failed without an error of a block:\n${stdout}`)
    return errors
  } finally {
    rmSync(folder, { recursive: true })
  }
}
