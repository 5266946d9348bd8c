import type { DashboardVariable, VariableOption } from './dashboard-model.ts'
import type { ChosenValue } from './interpolate.ts'

const allOfGrafana = '$__all'
const allText = 'All'

/**
 * Which of its values a variable has when nobody has touched it: what was saved as far as it still exists, and otherwise
 * the first, which is All where the dashboard offers that.
 * @param wanted the caller's choice; values that are not among the options are taken as they are
 */
export function chooseValue(
  variable: DashboardVariable,
  options: readonly VariableOption[],
  wanted: readonly string[] | undefined,
): ChosenValue {
  const isPattern = variable.multi || variable.includeAll
  if (wanted !== undefined && !isAll(wanted)) return ofValues(wanted, options, isPattern)
  const saved = isAll(variable.current) ? [] : kept(variable.current, options)
  const chosen = variable.multi ? saved : saved.slice(0, 1)
  if (wanted === undefined && chosen.length > 0) return ofValues(chosen, options, isPattern)
  if (variable.includeAll) return allOf(variable, options)
  const [first] = options
  return ofValues(first === undefined ? [] : [first.value], options, isPattern)
}

const isAll = (values: readonly string[]): boolean =>
  values.length > 0 && values.every((value) => value === allOfGrafana || value === allText)

/** Older dashboards saved the text of a value in its place. */
function kept(current: readonly string[], options: readonly VariableOption[]): string[] {
  return current.flatMap((saved) => {
    const found = options.find(({ value, text }) => value === saved || text === saved)
    return found === undefined ? [] : [found.value]
  })
}

function allOf({ allValue }: DashboardVariable, options: readonly VariableOption[]): ChosenValue {
  if (allValue !== undefined) return { value: allValue, text: allText, isVerbatim: true, isPattern: true }
  return { value: options.map(({ value }) => value), text: allText, isPattern: true }
}

function ofValues(
  values: readonly string[],
  options: readonly VariableOption[],
  isPattern: boolean,
): ChosenValue {
  const texts = values.map((one) => options.find(({ value }) => value === one)?.text ?? one)
  const [only = ''] = values
  return { value: values.length > 1 ? values : only, text: texts.join(' + '), isPattern }
}
