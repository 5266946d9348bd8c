/** What is wrong with a dashboard or what is around it, at its place, and what to try. */
export interface Finding {
  readonly lint: LintName
  /** From the root of the project. */
  readonly file: string
  /** The panel's title, or the variable's name; of the dashboard itself there is none. */
  readonly of?: string
  /** Inside the file: `panels[3].targets[0].expr`. */
  readonly path: string
  readonly expected: string
  readonly seen: string
  readonly remedy: string
}

export const lintNames = [
  'schema',
  'consistent-settings',
  'unique-names',
  'overlapping-panels',
  'datasource-exists',
  'variable-exists',
  'panel-described',
  'panel-unit',
  'target-legend',
  'query-parses',
  'metric-exists',
  'label-exists',
  'counter-without-rate',
  'rate-interval',
  'link-leads-nowhere',
  'provisioning',
  'unused-exception',
] as const
export type LintName = (typeof lintNames)[number]

export type Said = Pick<Finding, 'expected' | 'seen' | 'remedy'>

/** Where a rule stands while it looks; `add` puts what it found at a path below it. */
export interface Place {
  readonly file: string
  readonly of?: string
  readonly path: string
}

export const below = (place: Place, path: string): Place => ({
  ...place,
  path: [place.path, path].filter((part) => part !== '').join('.'),
})

export const findingAt = (lint: LintName, place: Place, said: Said): Finding => ({ lint, ...place, ...said })

export const writeFinding = ({ lint, file, of, path, expected, seen, remedy }: Finding): string =>
  `${file} ${of === undefined ? '' : `"${of}" `}${path}: expected ${expected}; seen ${seen}; try ${remedy} (${lint})`
