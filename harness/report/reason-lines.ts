/** A reason as a person reads it in a terminal: a list that was compared is a line an entry, not JSON. */
export const reasonLines = (reason: string): string =>
  reason.replaceAll(/^( {2}(?:expected|seen): +)(\[.*\])$/gm, (line, label: string, json: string) => {
    const entries = listIn(json)
    if (entries === undefined) return line
    const [first = 'nothing', ...rest] = entries
    return [`${label}${first}`, ...rest.map((entry) => `    ${entry}`)].join('\n')
  })

function listIn(json: string): string[] | undefined {
  try {
    const values: unknown = JSON.parse(json)
    if (!Array.isArray(values)) return undefined
    return values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
  } catch {
    // It was cut to a length.
    return undefined
  }
}
