import { writePath } from '../../config/load-config.ts'
import type { Objective } from '../objective.ts'

/** What is wrong with an objective, at its place, and what to try. */
export interface Finding {
  readonly lint: LintName
  /** The objective's name. */
  readonly objective: string
  /** `load/slo/availability.yaml:12 spec.objectives[0].target` */
  readonly where: string
  readonly expected: string
  readonly seen: string
  readonly remedy: string
}

export const lintNames = [
  'unreachable-factor',
  'no-bucket-edge',
  'uncarried-window',
  'unguarded-low-traffic',
  'paged-twice',
] as const
export type LintName = (typeof lintNames)[number]

type Said = Pick<Finding, 'expected' | 'seen' | 'remedy'>

export const findingAt = (
  lint: LintName,
  { name, lineOf }: Objective,
  path: readonly PropertyKey[],
  said: Said,
): Finding => ({ lint, objective: name, where: `${lineOf(path)} ${writePath(path)}`, ...said })

export const writeFinding = ({ where, lint, expected, seen, remedy }: Finding): string =>
  `${where}: expected ${expected}; seen ${seen}; try ${remedy} (${lint})`
