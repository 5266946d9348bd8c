const token =
  /<!--[\s\S]*?-->|<!\[CDATA\[(?<raw>[\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<\/(?<closed>[\w:.-]+)\s*>|<(?<opened>[\w:.-]+)(?<attributes>(?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(?<empty>\/)?>|(?<text>[^<]+)/y

export interface JunitCase {
  readonly name: string
  /** The names of the elements in it: `failure`, `error`, `skipped`, … */
  readonly parts: readonly string[]
  /** What its failure or error says: the text of the element, or its `message`. Empty where there is neither. */
  readonly failure: string
}

/** The test cases of a JUnit report. Throws when the text is not whole, well-formed XML with a test suite at its root. */
export function junitCases(xml: string): JunitCase[] {
  const cases: CaseBeingRead[] = []
  const open: string[] = []
  let root: string | undefined
  token.lastIndex = 0
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex
    const match = token.exec(xml)?.groups
    if (match === undefined) throw notJunit(`cannot be read from character ${at}`)
    const { opened, closed, empty } = match
    readToken(match, open, cases)
    if (opened !== undefined) {
      root ??= opened
      if (empty === undefined) open.push(opened)
    } else if (closed !== undefined && open.pop() !== closed) {
      throw notJunit(`has </${closed}> at character ${at} where it was not opened`)
    }
  }
  if (open.length > 0) throw notJunit(`ends before </${open.at(-1)}>`)
  if (root !== 'testsuites' && root !== 'testsuite') throw notJunit(`has <${root}> at its root`)
  return cases.map(({ name, parts, text, message }) => ({ name, parts, failure: text.trim() || message }))
}

interface CaseBeingRead {
  readonly name: string
  readonly parts: string[]
  text: string
  message: string
}

/** What one token says of the case that it stands in; `open` are the elements around it. */
function readToken(
  { opened, attributes = '', raw, text }: Record<string, string | undefined>,
  open: readonly string[],
  cases: CaseBeingRead[],
): void {
  if (opened === 'testcase')
    cases.push({ name: attribute(attributes, 'name'), parts: [], text: '', message: '' })
  const current = cases.at(-1)
  if (current === undefined) return
  if (opened !== undefined && open.at(-1) === 'testcase') {
    current.parts.push(opened)
    if (isFailure(opened)) current.message ||= attribute(attributes, 'message')
  }
  if (open.at(-2) === 'testcase' && isFailure(open.at(-1))) current.text += raw ?? plain(text ?? '')
}

function isFailure(element: string | undefined): boolean {
  return element === 'failure' || element === 'error'
}

function attribute(attributes: string, name: string): string {
  const [, , value = ''] = new RegExp(`\\s${name}\\s*=\\s*(["'])(.*?)\\1`, 's').exec(attributes) ?? []
  return plain(value)
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

function plain(text: string): string {
  return text.replace(/&(?:#x(?<hex>[\da-f]+)|#(?<decimal>\d+)|(?<entity>\w+));/gi, (whole, ...rest) => {
    const { hex, decimal, entity } = rest.at(-1) as Record<string, string | undefined>
    if (entity !== undefined) return entities[entity] ?? whole
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16))
  })
}

function notJunit(what: string): Error {
  return new Error(`expected a JUnit report; the text ${what}`)
}
