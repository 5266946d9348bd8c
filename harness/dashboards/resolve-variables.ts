import { describeThrown } from '../core/signalproof-error.ts'
import { atMost } from './at-most.ts'
import { chooseValue } from './choose-value.ts'
import type { Dashboard, DashboardVariable, UnsupportedConstruct, VariableOption } from './dashboard-model.ts'
import { type Datasource, findDatasource, isUnknown } from './datasources.ts'
import { formatInterval } from './grafana-interval.ts'
import { type ChosenValue, type ChosenValues, interpolate, variableReferences } from './interpolate.ts'
import { builtInValues, logqlMacros } from './query-macros.ts'
import { customOptions, intervalOptions, keepMatching, sorted, withoutRepeats } from './variable-options.ts'
import { type ValueRange, variableValues } from './variable-values.ts'

/** The values of a dashboard's variables, asked from what runs. */

/** A caller's choice of values, by the name of the variable. */
export type WantedValues = Readonly<Record<string, string | readonly string[]>>

export interface ResolvedVariables {
  readonly values: ChosenValues
  readonly options: Readonly<Record<string, readonly VariableOption[]>>
  /** Why a variable has no value, by its name, as the seen part of an account. */
  readonly problems: Readonly<Record<string, string>>
  readonly unsupported: readonly UnsupportedConstruct[]
}

export interface ResolveOptions {
  readonly datasources: readonly Datasource[]
  readonly range: ValueRange
  readonly wanted?: WantedValues
  /** How many queries are under way at once. */
  readonly atOnce?: number
}

/** In rounds: a variable is resolved when those that it refers to are. */
export async function resolveVariables(
  dashboard: Dashboard,
  options: ResolveOptions,
): Promise<ResolvedVariables> {
  const { range, wanted = {}, atOnce = 8 } = options
  const rangeMs = range.toMs - range.fromMs
  const state = {
    values: {
      ...builtInValues(range, dashboard),
      ...logqlMacros(rangeMs, rangeMs, { kind: 'range', resolution: 1 }).macros,
    } as Record<string, ChosenValue>,
    options: {} as Record<string, readonly VariableOption[]>,
    problems: {} as Record<string, string>,
    unsupported: [] as UnsupportedConstruct[],
  }
  let left: readonly DashboardVariable[] = dashboard.variables
  while (left.length > 0) {
    const names = new Set(left.map(({ name }) => name))
    const ready = left.filter(
      (one) => !referencesOf(one).some((name) => name !== one.name && names.has(name)),
    )
    // A circle is broken where the dashboard's own order begins it.
    const round = ready.length > 0 ? ready : left.slice(0, 1)
    const found = await atMost(atOnce, round, (one) => optionsOf(one, dashboard, state.values, options))
    for (const [index, variable] of round.entries()) {
      const { options: list, problem, construct } = found[index] ?? { options: [] }
      const value = wanted[variable.name]
      const chosen = chooseValue(variable, list, value === undefined ? undefined : [value].flat())
      state.values[variable.name] = chosen
      state.options[variable.name] = list
      if (problem !== undefined && value === undefined) state.problems[variable.name] = problem
      if (construct !== undefined) state.unsupported.push(construct)
    }
    left = left.filter((one) => !round.includes(one))
  }
  return state
}

const referencesOf = ({ query, lokiQuery, regex, datasource }: DashboardVariable): string[] =>
  [query, regex, datasource.uid ?? '', lokiQuery?.stream ?? '', lokiQuery?.label ?? '']
    .flatMap(variableReferences)
    .map(({ name }) => name)

interface FoundOptions {
  readonly options: readonly VariableOption[]
  readonly problem?: string
  readonly construct?: UnsupportedConstruct
}

const plain = (value: string): VariableOption => ({ text: value, value })

async function optionsOf(
  variable: DashboardVariable,
  dashboard: Dashboard,
  values: ChosenValues,
  { datasources, range }: ResolveOptions,
): Promise<FoundOptions> {
  switch (variable.kind) {
    case 'custom':
      return { options: customOptions(interpolate(variable.query, values)) }
    case 'interval':
      return { options: autoInterval(intervalOptions(variable, range.toMs - range.fromMs), variable) }
    case 'constant':
      return { options: [plain(interpolate(variable.query, values))] }
    case 'textbox':
      return { options: [plain(variable.current[0] ?? interpolate(variable.query, values))] }
    case 'datasource':
      return datasourceOptions(variable, datasources)
    case 'query':
      return queryOptions(variable, dashboard, values, { datasources, range })
    case 'adhoc':
    case 'unsupported':
      return { options: variable.current.map(plain) }
  }
}

/** What is saved of an `auto` interval is a name of Grafana's own. */
function autoInterval(options: VariableOption[], { auto, name }: DashboardVariable): VariableOption[] {
  const [first] = options
  if (auto === undefined || first === undefined) return options
  return [{ text: `$__auto_interval_${name}`, value: first.value || formatInterval(1) }, ...options.slice(1)]
}

function datasourceOptions(
  { query, regex, name }: DashboardVariable,
  datasources: readonly Datasource[],
): FoundOptions {
  const ofType = datasources
    .filter(({ type }) => type === query)
    .sort((a, b) => Number(b.isDefault ?? false) - Number(a.isDefault ?? false))
  const fitting =
    regex === '' ? ofType : ofType.filter((one) => keepMatching([plain(one.name)], regex)?.length)
  const options = fitting.map((one) => ({ text: one.name, value: one.uid }))
  if (options.length > 0) return { options }
  const narrowed = regex === '' ? '' : ` whose name matches ${regex}`
  return { options, problem: `no datasource of type ${query}${narrowed} for $${name}` }
}

async function queryOptions(
  variable: DashboardVariable,
  dashboard: Dashboard,
  values: ChosenValues,
  { datasources, range }: Pick<ResolveOptions, 'datasources' | 'range'>,
): Promise<FoundOptions> {
  const { name, path } = variable
  const notAsked = (construct: string): FoundOptions => ({
    options: variable.current.filter((one) => one !== '$__all').map(plain),
    construct: { dashboard: dashboard.where, path, construct, effect: 'its saved value is taken' },
  })
  const datasource = findDatasource(variable.datasource, datasources, values)
  if (isUnknown(datasource)) {
    const found = notAsked(`variable $${name} of ${datasource.seen}`)
    return { ...found, problem: `$${name} asks ${datasource.seen}` }
  }
  const asked = variable.lokiQuery === undefined ? variable.query : JSON.stringify(variable.lokiQuery)
  try {
    const found = await variableValues(variable, { datasource, values, range })
    if (found === undefined) return notAsked(`query of $${name}: ${asked}`)
    const kept = keepMatching(found, interpolate(variable.regex, values))
    if (kept === undefined) return notAsked(`regular expression of $${name}: ${variable.regex}`)
    const options = sorted(withoutRepeats(kept), variable.sort)
    if (options.length > 0) return { options }
    const before = found.length === 0 ? 'none' : `${found.length}, of which ${variable.regex} keeps none`
    return { options, problem: `$${name} has no value: ${asked} finds ${before}` }
  } catch (thrown) {
    return { options: [], problem: `$${name} has no value: ${asked} is answered ${describeThrown(thrown)}` }
  }
}
