/** One thing that a rule lacks, as a line for the reader of `make check`. */
export function gap(where: string, alert: string, expected: string, seen: string, remedy: string): string {
  return `${where} ${alert}: expected ${expected}; seen ${seen}; try ${remedy}`
}
