import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { stringify } from 'yaml'
import type { LoadedConfig } from '../config/load-config.ts'
import { yamlFilesIn } from '../config/yaml-folder.ts'
import { formatDuration } from '../core/prometheus-duration.ts'
import {
  type BoundaryCase,
  boundaryCases,
  countersOf,
  type FiringPair,
  firingAt,
  writeValues,
} from './boundary-cases.ts'
import {
  annotationsOf,
  budgetGroup,
  burnAlert,
  burnRateGroups,
  pairLabels,
  subjectOf,
} from './burn-rate-rules.ts'
import { writeDashboard } from './dashboard.ts'
import { exampleSeries } from './example-series.ts'
import type { Objective } from './objective.ts'
import { type ObjectiveFile, objectivesIn, readObjectiveFolder } from './read-objectives.ts'

/** What is made of the objectives and kept in git: the rules and their tests. */
export interface GeneratedFile {
  /** From the root of the project. */
  readonly path: string
  readonly text: string
}

export const objectivesFolder = join('load', 'slo')
const dashboardFile = join('dashboards', 'grafana', 'slo.json')

/** @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID with file, line and path */
export function generateSloFiles({ root, config }: Pick<LoadedConfig, 'root' | 'config'>): GeneratedFile[] {
  const alerts = config.sources.alerts
  const files = readObjectiveFolder(join(root, objectivesFolder))
  const perFile = files.flatMap((file) => {
    const name = basename(file.file)
    return [
      { path: join(alerts, 'slo', name), text: `${header(file)}${write(rulesDocument(file.objectives))}` },
      ...testFilesOf(file).map(({ pair, document }) => ({
        path: join(alerts, 'tests', 'slo', name.replace(/\.yaml$/, `-${pair}.yaml`)),
        text: `${header(file)}${write(document)}`,
      })),
    ]
  })
  return [...perFile, { path: dashboardFile, text: writeDashboard(objectivesIn(files)) }]
}

/** One line for each file that is not as it would be generated, or would not be any more; none when all are. */
export function staleSloFiles(project: Pick<LoadedConfig, 'root' | 'config'>): string[] {
  const files = generateSloFiles(project)
  const orphans = orphansOf(project, files).map(
    (path) =>
      `${path}:1: expected what ${objectivesFolder} says; seen a file of which it says nothing; try signalproof slo generate`,
  )
  const stale = files.flatMap(({ path, text }) => {
    const file = join(project.root, path)
    const seen = existsSync(file) ? readFileSync(file, 'utf8') : undefined
    if (seen === text) return []
    const line = seen === undefined ? 1 : firstDifference(seen, text)
    return [
      `${path}:${line}: expected what ${objectivesFolder} says; seen ${seen === undefined ? 'no file' : 'another text'}; try signalproof slo generate`,
    ]
  })
  return [...stale, ...orphans]
}

/** Of an objective, or a pair of windows, that is gone: its rules would be loaded and its tests run for ever. */
function orphansOf(
  { root, config }: Pick<LoadedConfig, 'root' | 'config'>,
  files: readonly GeneratedFile[],
): string[] {
  const wanted = new Set(files.map(({ path }) => path))
  const { alerts } = config.sources
  return [join(alerts, 'slo'), join(alerts, 'tests', 'slo')]
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => yamlFilesIn(join(root, folder)).map((file) => join(folder, basename(file))))
    .filter((path) => !wanted.has(path))
}

/** Writes them, and removes those that are generated no more. */
export function writeSloFiles(project: Pick<LoadedConfig, 'root' | 'config'>): GeneratedFile[] {
  const files = generateSloFiles(project)
  for (const path of orphansOf(project, files)) rmSync(join(project.root, path))
  for (const { path, text } of files) {
    mkdirSync(dirname(join(project.root, path)), { recursive: true })
    writeFileSync(join(project.root, path), text)
  }
  return files
}

function firstDifference(seen: string, text: string): number {
  const [own, other] = [seen.split('\n'), text.split('\n')]
  return own.findIndex((line, index) => line !== other[index]) + 1 || own.length
}

const header = ({ file }: ObjectiveFile): string =>
  `# Generated from load/slo/${basename(file)} by \`signalproof slo generate\`: change it there.\n`

const write = (document: unknown): string =>
  stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })

export const rulesDocument = (objectives: readonly Objective[]) => ({
  groups: objectives.flatMap((objective) => [...burnRateGroups(objective), budgetGroup(objective)]),
})

/** A file for each pair of windows: promtool evaluates all cases of a file in one step, and days in minutes take minutes. */
function testFilesOf({ file, objectives }: ObjectiveFile) {
  const cases = objectives.flatMap((objective) =>
    boundaryCases(objective).map((test) => ({ objective, test })),
  )
  const byPair = Map.groupBy(cases, ({ test: { pair } }) => `${pair.longWindow}-${pair.shortWindow}`)
  return [...byPair].map(([pair, own]) => ({
    pair,
    document: {
      rule_files: [`../../slo/${basename(file)}`],
      evaluation_interval: formatDuration(Math.min(...own.map(({ test }) => test.everyMs))),
      tests: own.map(({ objective, test }) => promtoolTest(objective, test)),
    },
  }))
}

function promtoolTest(objective: Objective, test: BoundaryCase) {
  return {
    name: test.name,
    interval: formatDuration(test.everyMs),
    input_series: exampleSeries(objective).map(({ series, counts }) => ({
      series,
      values: writeValues(countersOf(test)[counts]),
    })),
    alert_rule_test: test.moments.map(({ atMs, fires }) => {
      const firing = firingAt(objective, test, atMs)
      if (firing.some(({ pair }) => pair === test.pair) !== fires)
        throw new Error(`at ${formatDuration(atMs)} the case "${test.name}" is not what it says`)
      return {
        eval_time: formatDuration(atMs),
        alertname: burnAlert,
        exp_alerts: firing.map((each) => expectedAlert(objective, each)),
      }
    }),
  }
}

const expectedAlert = (objective: Objective, { pair, ratio }: FiringPair) => ({
  exp_labels: { ...pairLabels(objective, pair), severity: pair.severity, ...subjectOf(objective) },
  exp_annotations: annotationsOf(objective, pair, asPercentage(ratio)),
})

/** As `humanizePercentage` of Prometheus' templates: four significant digits. */
const asPercentage = (ratio: number): string => `${Number((ratio * 100).toPrecision(4))}%`
