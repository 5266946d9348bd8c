import { styleText } from 'node:util'
import { formatMs } from '../core/eventually.ts'
import type { CaseResult, RuleTestReport } from './case-results.ts'

/** One line a test file, and every failure in full. */
export function writeCasesAsText({ cases, counts, wallMs }: RuleTestReport): string {
  const files = Map.groupBy(cases, ({ file }) => file)
  const width = Math.max(...[...files.keys()].map((file) => file.length))
  const lines = [...files].map(([file, own]) => {
    const failed = own.filter(({ failures }) => failures.length > 0)
    const delivered = own.filter((each) => each.delivered).length
    const sign = failed.length === 0 ? styleText('green', '●') : styleText('red', '✗')
    const remarks = [
      ...(failed.length === 0 ? [] : [`${failed.length} failed`]),
      ...(delivered === 0 ? [] : [`${delivered} through the ruler`]),
    ]
    const remark = remarks.length === 0 ? '' : `, ${remarks.join(', ')}`
    return `${sign} ${file.padEnd(width)}  ${count(own.length, 'case')}${remark}\n`
  })
  const failures = cases.filter((each) => each.failures.length > 0).map(writeFailedCase)
  const total = `${counts.passed} of ${count(cases.length, 'case')} passed in ${formatMs(wallMs)}`
  return `${lines.join('')}${failures.map((text) => `\n${text}`).join('')}\n${total}\n`
}

function writeFailedCase({ name, where, failures }: CaseResult): string {
  const accounts = failures.map(
    (failure) =>
      `  expected ${indent(failure.expected)}\n    at:   ${failure.where}\n    seen: ${indent(failure.seen)}\n    try:  ${indent(failure.remedy)}\n`,
  )
  return `${styleText('red', '✗')} ${name}  (${where})\n${accounts.join('')}`
}

const indent = (text: string): string => text.replaceAll('\n', '\n          ')

const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? '' : 's'}`

/** JUnit: one suite a test file, one case a case. */
export function writeCasesAsJunit({ cases, wallMs }: RuleTestReport): string {
  const suites = [...Map.groupBy(cases, ({ file }) => file)].map(([file, own]) => {
    const failed = own.filter(({ failures }) => failures.length > 0).length
    const written = own.map(({ name, failures }) => {
      const head = `    <testcase classname="${xml(file)}" name="${xml(name)}"`
      if (failures.length === 0) return `${head}/>\n`
      const texts = failures.map(
        ({ expected, seen, where, remedy }) =>
          `      <failure message="expected ${xml(expected)}">${xml(`seen: ${seen}\nat: ${where}\ntry: ${remedy}`)}</failure>\n`,
      )
      return `${head}>\n${texts.join('')}    </testcase>\n`
    })
    return `  <testsuite name="${xml(file)}" tests="${own.length}" failures="${failed}">\n${written.join('')}  </testsuite>\n`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="rules" time="${(wallMs / 1000).toFixed(3)}">\n${suites.join('')}</testsuites>\n`
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const xml = (raw: string): string =>
  // XML 1.0 has no notation at all for control characters but tab and line ends.
  raw.replaceAll(/[^\P{Cc}\t\n\r]/gu, '�').replaceAll(/[&<>"]/g, (char) => escapes[char] ?? char)
