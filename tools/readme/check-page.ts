import { type CommandLine, readCommandLines } from './command-lines.ts'
import { commandRefused, isKnownProgram } from './known-programs.ts'
import { type CodePiece, readMarkdown } from './markdown.ts'
import { type Problem, writeProblem } from './problem.ts'
import { namesShown } from './samples.ts'
import { typeErrors } from './type-errors.ts'

/** How the blocks of a language are judged; a block of another one is refused, so that nothing is left unread. */
const kinds: Record<string, (root: string, block: CodePiece) => Promise<Problem[]>> = {
  sh: judgeCommands,
  console: judgeSample,
  ts: async (root, block) =>
    (await typeErrors(root, [block])).map(({ line, error }) => ({
      line,
      expected: 'an example that type-checks against the package',
      seen: error,
      remedy: 'write it for harness/test.ts as it is',
    })),
}

/** What a page shows and the repository does not have: every fenced block, and every command in its text. */
export async function checkPage(root: string, path: string, text: string): Promise<string[]> {
  const { blocks, inline } = readMarkdown(text)
  const problems: Problem[] = []
  if (blocks.length === 0)
    problems.push({ line: 1, expected: 'at least one block', seen: 'none', remedy: 'show the one command' })
  for (const block of blocks) {
    const judge = kinds[block.language]
    if (judge !== undefined) problems.push(...(await judge(root, block)))
    else {
      const seen = block.language === '' ? 'a block without a language' : block.language
      const expected = `a block of ${Object.keys(kinds).join(', ')}`
      problems.push({ line: block.line, expected, seen, remedy: 'take one of these, or teach check-page.ts' })
    }
  }
  for (const piece of inline) {
    const { commands } = readCommandLines(piece.text, piece.line)
    const [program, ...rest] = commands[0]?.words ?? []
    if (program !== undefined && rest.length > 0 && isKnownProgram(program))
      problems.push(...(await judgeEach(root, commands)))
  }
  return problems.sort((a, b) => a.line - b.line).map((problem) => writeProblem(path, problem))
}

async function judgeCommands(root: string, { text, line }: CodePiece): Promise<Problem[]> {
  const { commands, remarks } = readCommandLines(text, line)
  return [
    ...(await judgeEach(root, commands)),
    ...remarks.flatMap((remark) => unknownNames(remark.text, remark.line)),
  ]
}

/** What a command printed once: the command is judged, and each claim, error code and hop is still ours. */
async function judgeSample(root: string, { text, line }: CodePiece): Promise<Problem[]> {
  const rows = text.split('\n').map((row, index) => ({ row, at: line + index }))
  const asked = rows.filter(({ row }) => row.startsWith('$ '))
  const shown = rows.filter(({ row }) => !row.startsWith('$ '))
  const nothing = asked.length === 0 && !shown.some(({ row }) => namesShown(row).length > 0)
  return [
    ...(nothing
      ? [{ line, expected: 'a command, claim, alert, error code or hop', seen: 'none', remedy: 'show one' }]
      : []),
    ...(await Promise.all(asked.map(({ row, at }) => judgeCommands(root, piece(row.slice(2), at))))).flat(),
    ...shown.flatMap(({ row, at }) => unknownNames(row, at)),
  ]
}

const piece = (text: string, line: number): CodePiece => ({ language: 'sh', text, line })

async function judgeEach(root: string, commands: readonly CommandLine[]): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const command of commands) {
    const seen = await commandRefused(root, command)
    if (seen === undefined) continue
    const expected = `\`${command.words.join(' ')}\` to be a command that works`
    problems.push({ line: command.line, expected, seen, remedy: 'write what there is' })
  }
  return problems
}

function unknownNames(text: string, line: number): Problem[] {
  return namesShown(text)
    .filter(({ isKnown }) => !isKnown)
    .map(({ name }) => ({
      line,
      expected: 'a claim, alert, error code or hop that there is',
      seen: name,
      remedy: 'run the command and show what it prints now',
    }))
}
