import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gitFiles } from './git-files.ts'

/** The areas whose files are written by hand. */
const areas = ['harness', 'scenarios', 'apps', 'tools', 'load']
const codeFile = /\.(ts|mts|js|mjs|py|go|sh)$/
const mostLines = 400

/** Words that say where something was put, not what it is. */
const emptyWords = ['util', 'utils', 'helper', 'helpers', 'common', 'manager', 'managers', 'misc']

/** What is wrong with a file by its name and its length; undefined when nothing is. */
export function houseRuleBroken(path: string, lines: number): string | undefined {
  const empty = nameWords(path).find((word) => emptyWords.includes(word))
  if (empty !== undefined) {
    return `${path}: expected a name that says what the file is about; seen "${empty}"; try the name of its one idea`
  }
  if (codeFile.test(path) && lines > mostLines) {
    return `${path}: expected at most ${mostLines} lines; seen ${lines}; try one file for each idea in it`
  }
  return undefined
}

/** The broken rules among the files that git knows or would add. Throws when there is no such file. */
export async function checkHouseRules(root: string): Promise<string[]> {
  const paths = await gitFiles(root, areas)
  return paths.flatMap((path) => houseRuleBroken(path, countLines(join(root, path))) ?? [])
}

function nameWords(path: string): string[] {
  const folders = path.split('/').slice(0, -1)
  return [...folders, basename(path)].flatMap((name) => name.toLowerCase().split(/[-_.]/))
}

function countLines(file: string): number {
  return readFileSync(file, 'utf8').split('\n').length - 1
}
