import { errorCodes, exitStatus } from '../../harness/core/error-codes.ts'
import { readMarkdown } from './markdown.ts'
import { type Problem, writeProblem } from './problem.ts'

const begins = '<!-- error codes: written by `npm run error-table` -->'
const ends = '<!-- end of error codes -->'

/** Every error code as a row: what it means, the exit status that it ends with, what to do. */
export function errorTable(): string {
  const rows = Object.entries(errorCodes).map(([code, { family, meaning, remedy }]) => [
    `\`${code}\``,
    String(exitStatus[family]),
    meaning,
    remedy,
  ])
  const cells = [['code', 'exit', 'it means', 'what to do'], ['---', '---', '---', '---'], ...rows]
  return cells.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')
}

/** The page with the table as the code has it now. Throws when the page has no place for it. */
export function withErrorTable(page: string): string {
  const place = tablePlace(page)
  if (place === undefined) throw new Error(`expected the lines ${begins} and ${ends}, in this order`)
  return `${page.slice(0, place.start)}${place.expected}${page.slice(place.end)}`
}

/** Where the page's table is not what the code says: the first line that differs. Empty when it is the same. */
export function errorTableStale(path: string, page: string): string {
  const remedy = 'npm run error-table'
  const say = (problem: Problem) => writeProblem(path, problem)
  const place = tablePlace(page)
  if (place === undefined) {
    return say({
      line: 1,
      expected: `the table of error codes between ${begins} and ${ends}`,
      seen: 'none',
      remedy,
    })
  }
  const seen = page.slice(place.start, place.end).split('\n')
  const expected = place.expected.split('\n')
  const at = expected.findIndex((line, index) => line !== seen[index])
  if (at === -1 && seen.length === expected.length) return ''
  const differs = at === -1 ? expected.length : at
  return say({
    line: place.line + differs,
    expected: expected[differs] ?? 'the end of the table',
    seen: seen[differs] ?? 'the end of the table',
    remedy,
  })
}

function tablePlace(page: string) {
  const { comments } = readMarkdown(page)
  const from = comments.find(({ text }) => text === begins)
  const to = comments.find(({ text }) => text === ends)
  if (from === undefined || to === undefined || to.start < from.end) return undefined
  return { start: from.end, end: to.start, line: from.line, expected: `\n\n${errorTable()}\n\n` }
}
