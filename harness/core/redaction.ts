/** Secrets never reach evidence: known ones are struck out by value, others by what they are called. */

const mark = '‹removed›'

/** What a secret looks like, and what is left of it. Quotes may be escaped: evidence holds texts inside of texts. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [
    /((?:authorization|token|password|secret|api[_-]?key)\\*["']?\s*[:=]\s*)(\\*["'])(?:(?!\2)(?:\\.|[^\\\n]))*\2/gi,
    `$1$2${mark}$2`,
  ],
  [
    /((?:authorization|token|password|secret|api[_-]?key)\\*["']?\s*[:=]\s*\\*["']?(?:(?:bearer|basic)\s+)?)(?:[^\s"',}&\\]|\\(?!["']))+/gi,
    `$1${mark}`,
  ],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/gi, `$1${mark}`],
  [/(\bbearer\s+)[A-Za-z0-9._~+/-]{8,}=*/gi, `$1${mark}`],
]

export function redact(text: string, secrets: readonly string[] = []): string {
  const withoutKnown = secrets
    .filter((secret) => secret !== '')
    .reduce((left, secret) => left.replaceAll(secret, mark), text)
  return patterns.reduce((left, [pattern, rest]) => left.replaceAll(pattern, rest), withoutKnown)
}
