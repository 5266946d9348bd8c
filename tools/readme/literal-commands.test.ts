import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { gitFiles } from '../git-files.ts'
import { readMarkdown } from './markdown.ts'

/** Runs what the README says about the tests of the apps as it stands there, in a copy that has nothing installed. */

const root = fileURLToPath(new URL('../..', import.meta.url))
const { blocks } = readMarkdown(readFileSync(join(root, 'README.md'), 'utf8'))

/** The one block with a text. */
function block(part: string): string {
  const [found, ...more] = blocks.filter(({ text }) => text.includes(part))
  if (found === undefined || more.length > 0)
    throw new Error(`expected one block with ${part}; seen ${more.length}`)
  return found.text
}

test('the set-up of the apps leads to go test and pytest', async () => {
  const copy = mkdtempSync(join(tmpdir(), 'signalproof-literal-'))
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }))
  for (const path of await gitFiles(root, ['.'])) cpSync(join(root, path), join(copy, path))
  const script = [block('make apps'), `(${block('go test')})`, `(${block('pytest')})`].join('\n')
  const ran = await execa('bash', ['-euo', 'pipefail', '-c', script], { cwd: copy, reject: false, all: true })
  expect({ exitCode: ran.exitCode, said: ran.exitCode === 0 ? '' : ran.all }).toEqual({
    exitCode: 0,
    said: '',
  })
  expect(ran.stdout).toMatch(/^--- PASS: /m)
  expect(ran.stdout).toMatch(/^\d+ passed in /m)
})
