const token =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<\/(?<closed>[\w:.-]+)\s*>|<(?<opened>[\w:.-]+)(?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(?<empty>\/)?>|[^<]+/y

/**
 * The test cases of a JUnit report: for each, the names of the elements in it (`failure`, `error`, `skipped`, …).
 * Throws when the text is not whole, well-formed XML with a test suite at its root.
 */
export function junitCases(xml: string): string[][] {
  const cases: string[][] = []
  const open: string[] = []
  let root: string | undefined
  token.lastIndex = 0
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex
    const parts = token.exec(xml)?.groups
    if (parts === undefined) throw notJunit(`cannot be read from character ${at}`)
    const { opened, closed, empty } = parts
    if (opened !== undefined) {
      root ??= opened
      if (opened === 'testcase') cases.push([])
      else if (open.at(-1) === 'testcase') cases.at(-1)?.push(opened)
      if (empty === undefined) open.push(opened)
    } else if (closed !== undefined && open.pop() !== closed) {
      throw notJunit(`has </${closed}> at character ${at} where it was not opened`)
    }
  }
  if (open.length > 0) throw notJunit(`ends before </${open.at(-1)}>`)
  if (root !== 'testsuites' && root !== 'testsuite') throw notJunit(`has <${root}> at its root`)
  return cases
}

function notJunit(what: string): Error {
  return new Error(`expected a JUnit report; the text ${what}`)
}
