import { type Finding, findingAt, type LintName } from './finding.ts'

/** Findings that are meant to be, each with its reason. One that nothing is found for is a finding itself. */
interface LintException {
  readonly lint: LintName
  /** The dashboard's uid. */
  readonly dashboard: string
  readonly panel: string
  readonly because: string
}

const lintExceptions: readonly LintException[] = [
  {
    lint: 'counter-without-rate',
    dashboard: 'stack-health',
    panel: 'Lines and spans given up',
    because:
      'the series are born with the first failure, which no rate sees; the count since the start is meant',
  },
  {
    lint: 'counter-without-rate',
    dashboard: 'stack-health',
    panel: 'Lines that Loki discarded',
    because: 'the series are born with the first line of their reason, which no rate sees',
  },
  {
    lint: 'counter-without-rate',
    dashboard: 'stack-health',
    panel: 'Spans that Tempo refused or discarded',
    because: 'the series of a reason is born with its first span, which no rate sees',
  },
]

export function withoutExceptions(
  findings: readonly Finding[],
  exceptions: readonly LintException[] = lintExceptions,
): Finding[] {
  const isFor = ({ lint, dashboard, panel }: LintException, finding: Finding): boolean =>
    finding.lint === lint && finding.of === panel && finding.file.endsWith(`/${dashboard}.json`)
  const unused = exceptions.filter((exception) => !findings.some((finding) => isFor(exception, finding)))
  return [
    ...findings.filter((finding) => !exceptions.some((exception) => isFor(exception, finding))),
    ...unused.map(({ lint, dashboard, panel }, index) =>
      findingAt(
        'unused-exception',
        { file: 'harness/dashboards/lint/lint-exceptions.ts', path: `[${index}]` },
        {
          expected: `something that ${lint} says of "${panel}" in ${dashboard}`,
          seen: 'nothing',
          remedy: 'take the exception out',
        },
      ),
    ),
  ]
}
