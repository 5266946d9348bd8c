import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'shell-quote'

/** One command of a block, as a shell would take it apart. */
export interface CommandLine {
  readonly words: readonly string[]
  /** The folder, from the root, that a `cd` before it has led to. */
  readonly folder: string
  readonly line: number
}

export interface CommandLines {
  readonly commands: readonly CommandLine[]
  /** What stands behind # marks. */
  readonly remarks: readonly { readonly text: string; readonly line: number }[]
}

/**
 * The commands of a text that begins on `line`, in their order. `cd` is followed and is a command as well. A text may
 * leave parts out: words in [brackets] are dropped.
 */
export function readCommandLines(text: string, line: number): CommandLines {
  const commands: CommandLine[] = []
  const remarks: { text: string; line: number }[] = []
  let folder = '.'
  for (const written of wholeLines(text, line)) {
    let words: string[] = []
    const end = () => {
      words = words.filter((word) => !/^\[.*\]$/.test(word))
      if (words.length > 0) commands.push({ words, folder, line: written.line })
      if (words[0] === 'cd') folder = join(folder, words[1] ?? '')
      words = []
    }
    for (const part of parse(written.text, (name) => `$${name}`)) {
      if (typeof part === 'string') words.push(part)
      else if ('comment' in part) remarks.push({ text: part.comment, line: written.line })
      else if ('pattern' in part) words.push(part.pattern)
      else end()
    }
    end()
  }
  return { commands, remarks }
}

/** The lines of a text; one that ends with a backslash and the next are one. */
function wholeLines(text: string, first: number): { text: string; line: number }[] {
  const whole: { text: string; line: number }[] = []
  let goesOn = false
  for (const [index, written] of text.split('\n').entries()) {
    const begun = goesOn ? whole.at(-1) : undefined
    goesOn = written.endsWith('\\')
    const said = goesOn ? written.slice(0, -1) : written
    if (begun === undefined) whole.push({ text: said, line: first + index })
    else begun.text += said
  }
  return whole
}

/** Whether a path that is said from a folder of the repository is there. */
export const isThere = (root: string, folder: string, path: string): boolean =>
  existsSync(join(root, folder, path))
