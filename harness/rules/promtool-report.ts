import { SignalproofError } from '../core/signalproof-error.ts'

/** What promtool says about the tests of one file, read from the JUnit report that it writes. */

/** The texts of the failures of each test group, by its name. */
export type PromtoolReport = ReadonlyMap<string, readonly string[]>

/**
 * @param output what promtool printed, for the message when there is no report
 * @param file the test file as it is shown; promtool's line numbers are those of it
 * @throws SignalproofError CONFIG_INVALID with file and line when promtool could not begin with the file
 */
export function readPromtoolReport(xml: string, output: string, file: string): PromtoolReport {
  const suite = /<testsuite\b([^>]*)>([\s\S]*)<\/testsuite>/.exec(xml)
  const aborted = /<testcase[^>]*>\s*<error[^>]*>([\s\S]*?)<\/error>/.exec(suite?.[2] ?? '')?.[1]
  const body = suite?.[2]
  if (body === undefined || aborted !== undefined)
    throw notRead(aborted === undefined ? output : textOf(aborted), file)
  const cases = new Map<string, string[]>()
  for (const [, attributes = '', inner = ''] of body.matchAll(
    /<testcase\b([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g,
  )) {
    const name = textOf(/\bname="([^"]*)"/.exec(attributes)?.[1] ?? '')
    const failures = [...inner.matchAll(/<failure\b([^>]*?)(?:\/>|>([\s\S]*?)<\/failure>)/g)]
    cases.set(
      name,
      failures.map(([, given = '', text = '']) =>
        textOf(text || (/\bmessage="([^"]*)"/.exec(given)?.[1] ?? '')),
      ),
    )
  }
  return cases
}

/** One failed expectation in promtool's words, taken apart; undefined for anything else that it says. */
export function readMismatch(
  failure: string,
): { alert: string; time: string; expected: string; seen: string } | undefined {
  const parts = /alertname: (\S+), time: (\S+),\s*exp:([\s\S]*?),\s*\n\s*got:([\s\S]*)$/.exec(failure)
  if (parts === null) return undefined
  const [, alert = '', time = '', expected = '', seen = ''] = parts
  return { alert, time, expected: expected.trim(), seen: seen.trim() }
}

/** An alert as promtool writes it: the labels and annotations in braces. */
export interface WrittenAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

export function readAlerts(list: string): WrittenAlert[] {
  return [...list.matchAll(/Labels:\{(.*)\}\s*\n\s*Annotations:\{(.*)\}/g)].map(
    ([, labels = '', annotations = '']) => ({ labels: pairs(labels), annotations: pairs(annotations) }),
  )
}

function pairs(text: string): Record<string, string> {
  const found = [...text.matchAll(/([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*")/g)]
  return Object.fromEntries(found.map(([, name = '', value = '""']) => [name, unquote(value)]))
}

/** Go's quoted text; what JSON cannot read is shown as it stands. */
function unquote(quoted: string): string {
  try {
    return JSON.parse(quoted) as string
  } catch {
    return quoted.slice(1, -1)
  }
}

const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
}

function textOf(xml: string): string {
  return xml.replaceAll(
    /<!\[CDATA\[([\s\S]*?)\]\]>|&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g,
    (whole, data, hex, decimal, name) => {
      if (data !== undefined) return data
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
      return entities[name] ?? whole
    },
  )
}

function notRead(output: string, file: string): SignalproofError {
  const line = /\bline (\d+):/.exec(output)?.[1]
  return new SignalproofError('CONFIG_INVALID', {
    expected: 'a test file that promtool reads',
    seen: output.trim() || 'no report of promtool',
    where: line === undefined ? file : `${file}:${line}`,
    remedy: `correct ${line === undefined ? 'the file' : 'that line'}: the format is Prometheus' own (alerts/tests/README.md)`,
  })
}
