import { styleText } from 'node:util'
import { formatMs } from '../core/eventually.ts'
import { visibleLength, wrap } from '../core/wrap.ts'
import type { CaseResult, RuleTestReport } from './case-results.ts'

/** One line a test file, and every failure in full, fitted to the width of the terminal. */
export function writeCasesAsText({ cases, counts, wallMs, logs }: RuleTestReport, columns: number): string {
  const width = Math.max(40, Math.min(columns, 120))
  const files = Map.groupBy(cases, ({ file }) => file)
  const fileWidth = Math.max(...[...files.keys()].map((file) => file.length))
  const lines = [...files].map(([file, own]) => {
    const failed = own.filter(({ failures }) => failures.length > 0)
    const delivered = own.filter((each) => each.delivered).length
    const sign = failed.length === 0 ? styleText('green', '●') : styleText('red', '✗')
    const remarks = [
      count(own.length, 'case'),
      ...(failed.length === 0 ? [] : [`${failed.length} failed`]),
      ...(delivered === 0 ? [] : [`${delivered} through the ruler`]),
    ].join(', ')
    const line = `${sign} ${file.padEnd(fileWidth)}  ${remarks}`
    return visibleLength(line) <= width ? `${line}\n` : `${sign} ${file}\n${wrap(remarks, width, 4)}\n`
  })
  const failures = cases
    .filter((each) => each.failures.length > 0)
    .map((failed) => `\n${writeFailedCase(failed, width)}\n`)
  const total = `${counts.passed} of ${count(cases.length, 'case')} passed in ${formatMs(wallMs)}`
  const kept = logs === null ? '' : `${wrap(`the logs of Loki and Alertmanager are in ${logs}`, width, 0)}\n`
  return `${lines.join('')}${failures.join('')}\n${total}\n${kept}`
}

function writeFailedCase({ name, where, failures }: CaseResult, width: number): string {
  const accounts = failures.flatMap((failure) => [
    hanging('  expected ', failure.expected, width),
    hanging('    at:   ', failure.where, width),
    hanging('    seen: ', failure.seen, width),
    hanging('    try:  ', failure.remedy, width),
  ])
  return [wrap(`${styleText('red', '✗')} ${name}  (${where})`, width, 0), ...accounts].join('\n')
}

/** A text behind its label, and its further lines below the text. */
function hanging(label: string, text: string, width: number): string {
  const lines = wrap(text, width - label.length, 0)
  return label + lines.replaceAll('\n', `\n${' '.repeat(label.length)}`)
}

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
