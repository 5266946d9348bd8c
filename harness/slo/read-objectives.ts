import { checkPlacedYaml, type PlacedYaml, readPlacedDocuments } from '../config/placed-yaml.ts'
import { yamlFilesIn } from '../config/yaml-folder.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import { readCounterSelector } from './counter-selector.ts'
import type { Objective } from './objective.ts'
import { annotationNames, sloDocument } from './openslo.ts'

/** The objectives of one file, in its order; at least one. */
export interface ObjectiveFile {
  /** Absolute. */
  readonly file: string
  readonly objectives: readonly Objective[]
}

/** All objectives of a folder's files. @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID with file, line and path */
export function readObjectives(folder: string): Objective[] {
  return objectivesIn(readObjectiveFolder(folder))
}

/** @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID, also where the folder has no objective */
export function readObjectiveFolder(folder: string): ObjectiveFile[] {
  const files = yamlFilesIn(folder)
  if (files.length > 0) return readObjectiveFiles(files)
  throw nothingIn(folder)
}

/**
 * @param files absolute
 * @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID, also for two objectives of one name and a file without any
 */
export function readObjectiveFiles(files: readonly string[]): ObjectiveFile[] {
  const read = files.map((file) => {
    const objectives = readPlacedDocuments(file).map(objectiveOf)
    if (objectives.length === 0) throw nothingIn(file)
    return { file, objectives }
  })
  const seen = new Map<string, Objective>()
  for (const objective of objectivesIn(read)) {
    const first = seen.get(objective.name)
    if (first !== undefined) throw named(objective, first)
    seen.set(objective.name, objective)
  }
  return read
}

export const objectivesIn = (files: readonly ObjectiveFile[]): Objective[] =>
  files.flatMap(({ objectives }) => objectives)

function objectiveOf(yaml: PlacedYaml): Objective {
  const { metadata, spec } = checkPlacedYaml(yaml, sloDocument, 'OpenSLO v1')
  const { total, bad, good } = spec.indicator.spec.ratioMetric
  const thresholdSeconds = good === undefined ? undefined : upperEdge(good)
  const [window] = spec.timeWindow
  const [target = Number.NaN] = spec.objectives
  return {
    name: metadata.name,
    displayName: metadata.displayName ?? metadata.name,
    description: spec.description,
    service: spec.service,
    kind: thresholdSeconds === undefined ? 'availability' : 'latency',
    target,
    periodMs: window?.duration ?? Number.NaN,
    thresholdSeconds,
    minimumFailures: metadata.annotations[annotationNames.minimumFailures],
    pages: metadata.annotations[annotationNames.pages] ?? true,
    total,
    bad,
    good,
    lineOf: yaml.lineOf,
  }
}

/** The edge of a histogram's bucket that a selector asks for, in seconds; undefined for a counter that is no bucket. */
function upperEdge(selector: string): number | undefined {
  const { metric, equalities } = readCounterSelector(selector) ?? {}
  if (metric?.endsWith('_bucket') !== true) return undefined
  return Number(equalities?.le ?? Number.NaN)
}

function nothingIn(where: string): SignalproofError {
  return new SignalproofError('CONFIG_INVALID', {
    expected: 'at least one objective (OpenSLO v1, kind SLO)',
    seen: 'none',
    where,
    remedy: 'write one, or name another file',
  })
}

function named({ name, lineOf }: Objective, first: Objective): SignalproofError {
  return new SignalproofError('CONFIG_INVALID', {
    expected: 'a name of its own for every objective',
    seen: `${name}, which is at ${first.lineOf(['metadata', 'name'])} as well`,
    where: `${lineOf(['metadata', 'name'])} metadata.name`,
    remedy: 'rename one of them: series and alerts are told apart by it',
  })
}
