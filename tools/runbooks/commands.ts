import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { readMarkdown } from '../readme/markdown.ts'
import type { Problem } from '../readme/problem.ts'

/** The commands of a runbook, and where it sends its reader. What the commands ask is expressions.ts. */

/** A block of shell commands, and the line of the file on which it begins. */
export interface ShellBlock {
  readonly text: string
  readonly line: number
}

/** The runbooks of a folder, by their alert's name. */
export type Runbooks = ReadonlyMap<string, string>

export const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length

/** Every block that a reader would run. */
export const shellBlocks = (text: string): ShellBlock[] =>
  readMarkdown(text).blocks.filter(({ language }) => language === 'sh')

/** Blocks of another language, blocks that are no shell, and a runbook without any block. */
export async function checkShell(text: string): Promise<Problem[]> {
  const { blocks } = readMarkdown(text)
  if (blocks.length === 0) {
    const remedy = 'add what the reader can run to find the cause'
    return [{ line: 1, expected: 'commands in blocks that begin with ```sh', seen: 'none', remedy }]
  }
  const problems = await Promise.all(
    blocks.map(async ({ language, text: script, line }): Promise<Problem[]> => {
      if (language !== 'sh') {
        const seen = language === '' ? 'no language' : language
        return [{ line, expected: 'a block of sh', seen, remedy: 'begin the block with ```sh' }]
      }
      const { failed, stderr } = await execa('bash', ['-n'], { input: script, reject: false })
      const seen = stderr.split('\n')[0] ?? 'an error'
      return failed ? [{ line, expected: 'commands that bash can read', seen, remedy: 'correct it' }] : []
    }),
  )
  return problems.flat()
}

/** Variables that a block uses and nobody sets: neither a block, nor the list for those without a checkout. */
export function checkVariables(text: string): Problem[] {
  const blocks = shellBlocks(text)
  const elsewhere = /^Elsewhere: `([^`]*)`/m.exec(text)?.[1] ?? ''
  const listed = [...elsewhere.matchAll(/\b([A-Z]+)=/g)].map(([, name]) => name)
  const set = blocks.flatMap(({ text: script }) => [
    ...[...script.matchAll(/(?<![A-Za-z_$])([A-Za-z]+)=/g)].map(([, name]) => name),
    ...[...script.matchAll(/\bfor ([a-z]+) in\b/g)].map(([, name]) => name),
  ])
  const known = new Set([...listed, ...set])
  return blocks.flatMap(({ text: script, line }) =>
    [...script.matchAll(/\$\{?([A-Za-z]+)/g)].flatMap(({ 1: name = '', index }) => {
      // What stands in the double quotes of a jq program is jq's.
      if (known.has(name) || isJq(script, index)) return []
      return [
        {
          line: line + lineAt(script, index) - 1,
          expected: `$${name} to be set by a block before it or in the list behind "Elsewhere:"`,
          seen: 'neither',
          remedy: `add ${name}= to one of them`,
        },
      ]
    }),
  )
}

const isJq = (script: string, index: number): boolean => {
  const before = script.slice(script.lastIndexOf('\n', index) + 1, index)
  const quoted = before.split("'").length % 2 === 0
  return quoted && /\bjq\b/.test(before)
}

/** Links to runbooks, steps and files that are not there. */
export function checkReferences(alert: string, runbooks: Runbooks, root: string): Problem[] {
  const text = runbooks.get(alert) ?? ''
  const links = [...text.matchAll(/\]\(([^)\s]+)\)(?:,?\s+step\s+(\d+))?/g)].flatMap(
    ({ 1: target = '', 2: step, index }): Problem[] => {
      const line = lineAt(text, index)
      const linked = runbooks.get(target.replace(/\.md$/, ''))
      if (linked === undefined) {
        const expected = `a link to one of ${[...runbooks.keys()].join(', ')}`
        return [{ line, expected, seen: target, remedy: 'name the alert as its file is called' }]
      }
      return step === undefined ? [] : missingStep(linked, Number(step), target, line)
    },
  )
  const ownSteps = [...text.matchAll(/(?<!\)[, \n]{1,3})\b[Ss]tep (\d+)/g)].flatMap(({ 1: step, index }) =>
    missingStep(text, Number(step), `${alert}.md`, lineAt(text, index)),
  )
  const paths = [...text.matchAll(/(?<![\w/.:])(?:manifests|alerts|harness)\/[\w./-]*\w/g)].flatMap(
    ({ 0: path, index }): Problem[] => {
      if (existsSync(join(root, path))) return []
      const expected = 'a path of this repository'
      return [{ line: lineAt(text, index), expected, seen: path, remedy: 'name the file as it is called' }]
    },
  )
  return [...links, ...ownSteps, ...paths]
}

function missingStep(text: string, step: number, page: string, line: number): Problem[] {
  const steps = [...text.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number))
  if (steps.includes(step)) return []
  const seen = `steps ${steps.join(', ') || 'none'}`
  return [{ line, expected: `a step ${step} in ${page}`, seen, remedy: 'name the step that is meant' }]
}
