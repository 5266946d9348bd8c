/** The name of a list that is nearest to a mistyped one; undefined where none is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const mostEdits = Math.max(2, Math.floor(name.length / 4))
  let nearest: { known: string; edits: number } | undefined
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) > mostEdits) continue
    const edits = editsBetween(name, candidate)
    if (edits <= mostEdits && (nearest === undefined || edits < nearest.edits))
      nearest = { known: candidate, edits }
  }
  return nearest?.known
}

/** How many characters have to be put in, taken out or changed to come from one text to the other. */
function editsBetween(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const changed = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      current[column] = Math.min((above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, changed)
    }
    above = current
  }
  return above[b.length] ?? 0
}
