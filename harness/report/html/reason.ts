/** A reason in its parts, as SignalproofError writes them: `CODE: expected …`, `at:`, `seen:`, `try:`. */
export interface ReasonParts {
  readonly code: string | null
  /** What was judged, where the reason is about a comparison. */
  readonly about: string | null
  readonly expected: readonly string[]
  readonly at: string | null
  readonly seen: readonly string[]
  readonly remedy: string | null
}

const labelled = /^\s{0,4}(expected|at|seen|try):\s+(.*)$/

/** Takes a reason apart; one that is written another way is all in `about`. */
export function reasonParts(reason: string): ReasonParts {
  const [first = '', ...rest] = reason.split('\n')
  const head = /^([A-Z][A-Z_]+): (?:expected (.*)|(.*))$/.exec(first)
  const parts: Record<string, string[]> = {}
  const unlabelled: string[] = []
  let current: string[] = head?.[2] === undefined ? unlabelled : [head[2]]
  if (head?.[2] !== undefined) parts.expected = current
  for (const line of rest) {
    const found = labelled.exec(line)
    if (found === null) current.push(line.trim())
    else current = parts[found[1] ?? ''] = [found[2] ?? '']
  }
  const joined = (name: string) => parts[name]?.join('\n').trim() || null
  const about = [head === null ? first : (head[3] ?? ''), ...unlabelled].join('\n').trim()
  return {
    code: head?.[1] ?? null,
    about: about === '' ? null : about,
    expected: listed(joined('expected')),
    at: joined('at'),
    seen: listed(joined('seen')),
    remedy: joined('try'),
  }
}

/** Comparisons write lists as JSON: each of their lines is one for the reader, too. */
function listed(text: string | null): string[] {
  if (text === null) return []
  if (!/^\[.*\]$/s.test(text)) return [text]
  try {
    const values: unknown = JSON.parse(text)
    if (!Array.isArray(values)) return [text]
    return values.length === 0
      ? ['nothing']
      : values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
  } catch {
    return [text]
  }
}
