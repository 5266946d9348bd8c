/** What is wrong at a place of a page, as one line for the reader. */
export interface Problem {
  readonly line: number
  readonly expected: string
  readonly seen: string
  readonly remedy: string
}

export const writeProblem = (path: string, { line, expected, seen, remedy }: Problem): string =>
  `${path}:${line}: expected ${expected}; seen ${seen}; try: ${remedy}`
