import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { AlertRule } from './alert-rules.ts'
import { gap } from './rule-gaps.ts'

/** What whoever gets an alert needs around it: its severity, its annotations and its runbook. */

const severities = ['page', 'ticket', 'none']
const annotationNames = ['summary', 'description', 'runbook_url', 'dashboard_url']
const headings = ['Meaning', 'Impact', 'Diagnosis', 'Mitigation']

/** @param namespace whose lines are collected: a query for others shows nothing, just when somebody looks */
export function checkLabelsAndAnnotations(rules: readonly AlertRule[], namespace: string): string[] {
  return rules.flatMap(({ alert, labels, annotations, lineOf }) => {
    const { severity } = labels
    const missing = annotationNames.filter((name) => (annotations[name] ?? '').trim() === '')
    const { runbook_url: page, log_query: query } = annotations
    return [
      ...(severity !== undefined && severities.includes(severity)
        ? []
        : [
            gap(
              lineOf('labels'),
              alert,
              `a severity: ${severities.join(', ')}`,
              severity ?? 'none',
              'set labels.severity: routing goes by it',
            ),
          ]),
      ...missing.map((name) =>
        gap(lineOf('annotations'), alert, `the annotation ${name}`, 'none', 'say it: notifications carry it'),
      ),
      ...(query === undefined || asksFor(namespace, query)
        ? []
        : [
            gap(
              lineOf('annotations', 'log_query'),
              alert,
              `a log_query of the namespace ${namespace}, whose lines are collected`,
              query,
              'ask for lines that are there, or leave it out',
            ),
          ]),
      ...(page === undefined || page.endsWith(`/runbooks/${alert}`)
        ? []
        : [
            gap(
              lineOf('annotations', 'runbook_url'),
              alert,
              `a runbook_url that ends with /runbooks/${alert}`,
              page,
              'name the alert of the rule',
            ),
          ]),
    ]
  })
}

/** The namespace may be the alert's own label: then it is the one in which the rule has found something. */
const asksFor = (namespace: string, query: string): boolean =>
  [`{namespace="${namespace}"`, '{namespace="{{ $labels.namespace }}"'].some((start) => query.includes(start))

export function checkRunbooks(rules: readonly AlertRule[], folder: string): string[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.md')) : []
  const alerts = new Set(rules.map(({ alert }) => alert))
  const shown = (name: string) => relative(process.cwd(), join(folder, name))
  return [
    ...rules.flatMap(({ alert, lineOf }) => {
      const name = `${alert}.md`
      if (!files.includes(name))
        return [
          gap(
            lineOf(),
            alert,
            `a runbook ${shown(name)}`,
            'no such file',
            `write it: ${headings.join(', ')}`,
          ),
        ]
      return headingGaps(readFileSync(join(folder, name), 'utf8')).map(({ line, expected, seen }) =>
        gap(
          `${shown(name)}:${line}`,
          alert,
          expected,
          seen,
          'write what somebody needs who has got the alert',
        ),
      )
    }),
    ...files
      .filter((name) => !alerts.has(name.slice(0, -3)))
      .map((name) =>
        gap(
          `${shown(name)}:1`,
          name.slice(0, -3),
          'an alert of this name',
          'none',
          'remove or rename the runbook',
        ),
      ),
  ]
}

/** Each of the headings has to be there once, with text below it; lines of code blocks are none. */
function headingGaps(markdown: string): { line: number; expected: string; seen: string }[] {
  const sections: { title: string; line: number; text: string }[] = []
  let inCode = false
  for (const [index, line] of markdown.split('\n').entries()) {
    if (/^\s*(```|~~~)/.test(line)) inCode = !inCode
    const title = inCode ? undefined : /^## +(.+?) *$/.exec(line)?.[1]
    const section = sections.at(-1)
    if (title !== undefined) sections.push({ title, line: index + 1, text: '' })
    else if (section !== undefined) section.text += line.trim()
  }
  return headings.flatMap((heading) => {
    const expected = `one heading "## ${heading}" with text below it`
    const own = sections.filter(({ title }) => title === heading)
    const [first] = own
    if (first === undefined) return [{ line: 1, expected, seen: 'none' }]
    if (own.length > 1) return [{ line: own[1]?.line ?? 1, expected, seen: `${own.length}` }]
    return first.text === '' ? [{ line: first.line, expected, seen: 'no text' }] : []
  })
}
