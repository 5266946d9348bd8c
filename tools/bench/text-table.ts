/** Lines in columns: the first and the last hold words and stand to the left, those between hold numbers and stand to the right. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  const align = (cell: string, column: number): string => {
    const width = widths[column] ?? 0
    return column === 0 || column === columns - 1 ? cell.padEnd(width) : cell.padStart(width)
  }
  return rows.map((row) => `  ${row.map(align).join('  ').trimEnd()}`).join('\n')
}

/** `12.3 s`; `never` for what did not happen. */
export const seconds = (ms: number | null): string => (ms === null ? 'never' : `${(ms / 1000).toFixed(1)} s`)

export const ratio = (value: number): string => value.toFixed(2)
