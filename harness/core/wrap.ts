import { stripVTControlCharacters } from 'node:util'

/** Folds the lines that are wider than the width, in columns; they keep their indent. */
export function wrap(text: string, width: number, indent: number): string {
  return text
    .split('\n')
    .map((line) => {
      if (indent + visibleLength(line) <= width) return ' '.repeat(indent) + line
      const lead = ' '.repeat(indent + (/^\s*/.exec(line)?.[0].length ?? 0))
      const folded: string[] = []
      let current = lead
      for (const word of line.trim().split(/\s+/)) {
        if (current.trim() !== '' && visibleLength(current) + 1 + visibleLength(word) > width) {
          folded.push(current)
          current = `${lead}  `
        }
        current += current.trim() === '' ? word : ` ${word}`
      }
      return [...folded, current].join('\n')
    })
    .join('\n')
}

/** Columns of a text on a terminal: colours take none. */
export const visibleLength = (text: string): number => stripVTControlCharacters(text).length
