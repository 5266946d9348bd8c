/** The reason of a verdict in one line, in the order in which a reader needs it. */
export const accountText = ({
  expected,
  seen,
  remedy,
}: {
  readonly expected: string
  readonly seen: string
  readonly remedy: string
}): string => `expected ${expected}; seen ${seen}; try ${remedy}`
