import type { KeptLoad } from './kept-load.ts'

/** Something that was set otherwise; null where one side does not have it. */
export interface SettingChange {
  readonly name: string
  readonly before: string | null
  readonly after: string | null
}

/** What differs between two runs before anything is measured: the load, the stack, its configuration and its versions. */
export function settingChanges(before: KeptLoad, after: KeptLoad): SettingChange[] {
  const [was, is] = [settingsOf(before), settingsOf(after)]
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((name) => {
    const change = { name, before: was.get(name) ?? null, after: is.get(name) ?? null }
    return change.before === change.after ? [] : [change]
  })
}

/** Runs of one series that were not made alike: their mean is of nothing. */
export function unlikeRuns(runs: readonly KeptLoad[]): SettingChange[] {
  const [first, ...others] = runs
  return first === undefined ? [] : (others.map((other) => settingChanges(first, other)).find(hasAny) ?? [])
}

const hasAny = (changes: readonly SettingChange[]): boolean => changes.length > 0

function settingsOf(run: KeptLoad): Map<string, string> {
  return new Map([
    ...flatten('load', run.load.request),
    ['environment', run.environment],
    ['profile', run.profile],
    ['set', run.set.length === 0 ? 'nothing' : run.set.join(', ')],
    ...(run.digest === undefined ? [] : [['configuration', run.digest] as const]),
    ['signals', run.unproven === true ? 'not proven' : 'proven'],
    ['cores', String(run.load.generator.cpu.cores)],
    ...run.components.map(({ name, version }) => [`version of ${name}`, version] as const),
  ])
}

/** Said by another name already: the workload names its script, whose path is the checkout's; the signals are told apart. */
const saidElsewhere = new Set(['load.script', 'load.unproven'])

function flatten(path: string, value: unknown): [string, string][] {
  if (saidElsewhere.has(path) || value === undefined || value === null) return []
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object'))
    return value.length === 0 ? [] : [[path, value.join(', ')]]
  if (typeof value === 'object')
    return Object.entries(value).flatMap(([key, inner]) => flatten(`${path}.${key}`, inner))
  return [[path, String(value)]]
}
