import { unprovenSignals } from './load-text.ts'
import type { RunResult } from './run-result.ts'

/** junit.xml: one suite a layer, one case a claim; blocked and skipped claims carry their reason. */
export function writeJunit(result: RunResult): string {
  const layers = [...new Set(result.claims.map(({ layer }) => layer))]
  const suites = layers.map((layer) => {
    const claims = result.claims.filter((claim) => claim.layer === layer)
    // When the environment failed, nothing is said about the stack: no claim is a failure then.
    const failures = result.invalidBecause === undefined ? ['broken'] : []
    const count = (...verdicts: string[]) => claims.filter(({ verdict }) => verdicts.includes(verdict)).length
    const counts = `tests="${claims.length}" failures="${count(...failures)}" errors="0" skipped="${claims.length - count('proven', ...failures)}"`
    const cases = claims.map((claim) => {
      const head = `    <testcase classname="${text(layer)}" name="${text(claim.id)}: ${text(claim.title)}" time="${seconds(claim.ms)}"`
      if (claim.verdict === 'proven') return `${head}/>`
      const [first = ''] = (claim.reason ?? '').split('\n')
      const inner = failures.includes(claim.verdict)
        ? `<failure message="${text(first)}">${text(claim.reason ?? '')}</failure>`
        : `<skipped message="${text(`${claim.verdict}: ${claim.reason ?? ''}`)}"/>`
      return `${head}>\n      ${inner}\n    </testcase>`
    })
    const time = seconds(claims.reduce((sum, { ms }) => sum + ms, 0))
    return `  <testsuite name="${text(layer)}" ${counts} time="${time}">\n${cases.join('\n')}\n  </testsuite>`
  })
  const name = result.unproven === true ? `signalproof, ${unprovenSignals}` : 'signalproof'
  const invalid = result.invalidBecause === undefined ? [] : [invalidSuite(result.invalidBecause)]
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${name}" time="${seconds(result.wallMs)}">\n${[...suites, ...invalid].join('\n')}\n</testsuites>\n`
}

/** An invalid run is an error of its own, so that nobody reads a report without failures as proof. */
const invalidSuite = (reason: string): string =>
  `  <testsuite name="environment" tests="1" failures="0" errors="1" skipped="0" time="0">\n    <testcase classname="environment" name="the environment lasts" time="0">\n      <error message="${text(reason.split('\n')[0] ?? '')}">${text(reason)}</error>\n    </testcase>\n  </testsuite>`

const seconds = (ms: number): string => (ms / 1000).toFixed(3)

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
}

function text(raw: string): string {
  // XML 1.0 has no notation at all for control characters but tab and line ends.
  return raw.replaceAll(/[^\P{Cc}\t\n\r]/gu, '�').replaceAll(/[&<>"\n]/g, (char) => escapes[char] ?? char)
}
