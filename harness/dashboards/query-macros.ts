import {
  formatGoDuration,
  formatInterval,
  panelIntervalMs,
  parseIntervalMs,
  roundIntervalMs,
} from './grafana-interval.ts'
import { type ChosenValues, single } from './interpolate.ts'

/**
 * The macros that Grafana's backend puts into queries, and the step that it asks for: for Prometheus as in
 * pkg/promlib/models/query.go, for Loki as in pkg/tsdb/loki/{parse_query,step}.go of grafana/grafana.
 */

/** What a panel gives to each of its queries. */
export interface QueryWindow {
  readonly fromMs: number
  readonly toMs: number
  readonly maxDataPoints: number
  /** The panel's own least interval, in Grafana's notation, its variables already written in. */
  readonly panelInterval?: string
}

export interface PrometheusOptions {
  /** The target's least step, its variables written in; may itself be `$__rate_interval` or `$__interval`. */
  readonly minStep?: string
  readonly intervalFactor: number
  /** As the datasource says it; Grafana's default is 15 s. */
  readonly scrapeIntervalMs: number
}

/** More points than this Prometheus refuses. */
const mostPoints = 11_000

const names = (name: string): readonly string[] => [`$${name}`, `\${${name}}`]
const isOneOf = (text: string, ...macros: string[]): boolean => macros.flatMap(names).includes(text)

/** What is asked of the browser's side of a panel: `$__interval` before the backend looks at the target. */
export function requestIntervalMs(window: QueryWindow, leastMs: number): number {
  const ownMs = window.panelInterval === undefined ? null : parseIntervalMs(window.panelInterval)
  return panelIntervalMs(window.toMs - window.fromMs, window.maxDataPoints, ownMs ?? leastMs)
}

/** The step of a range query, and the macros as values of variables. */
export function prometheusMacros(
  window: QueryWindow,
  options: PrometheusOptions,
): { stepMs: number; macros: ChosenValues } {
  const requestMs = requestIntervalMs(window, options.scrapeIntervalMs)
  return promqlMacros({ ...window, requestMs }, options)
}

/** As above, where the request's own interval is already known; Grafana's backend begins here. */
export function promqlMacros(
  { fromMs, toMs, maxDataPoints, requestMs }: QueryWindow & { requestMs: number },
  { minStep = '', intervalFactor, scrapeIntervalMs }: PrometheusOptions,
): { stepMs: number; macros: ChosenValues } {
  const rangeMs = toMs - fromMs
  const isMacro = isOneOf(minStep, '__interval', '__interval_ms', '__rate_interval', '__rate_interval_ms')
  const leastMs = (isMacro || minStep === '' ? null : parseIntervalMs(minStep)) ?? requestMs
  const wantedMs = rangeMs / maxDataPoints < leastMs ? leastMs : roundIntervalMs(rangeMs / maxDataPoints)
  const roundMs = Math.max(wantedMs, roundIntervalMs(rangeMs / mostPoints))
  const isRate = isOneOf(minStep, '__rate_interval')
  const stepMs = isRate ? rateIntervalMs(roundMs, scrapeIntervalMs) : roundMs * intervalFactor
  const ofStepMs = isMacro ? stepMs : (parseIntervalMs(minStep) ?? scrapeIntervalMs)
  const rateMs = isRate ? stepMs : rateIntervalMs(requestMs, minStep === '' ? scrapeIntervalMs : ofStepMs)
  return {
    stepMs,
    macros: {
      ...rangeMacros(rangeMs),
      ...intervalMacros(stepMs),
      __rate_interval: single(formatGoDuration(rateMs)),
      __rate_interval_s: single(Math.round(rateMs / 1_000)),
      __rate_interval_ms: single(rateMs),
    },
  }
}

/** So that every window holds at least four scrapes, and one more than the points are apart. */
export const rateIntervalMs = (intervalMs: number, scrapeIntervalMs: number): number =>
  Math.max(intervalMs + scrapeIntervalMs, 4 * scrapeIntervalMs)

export interface LokiOptions {
  readonly kind: 'range' | 'instant'
  readonly step?: string
  readonly resolution: number
}

export function lokiMacros(
  window: QueryWindow,
  options: LokiOptions,
): { stepMs: number; macros: ChosenValues } {
  return logqlMacros(window.toMs - window.fromMs, requestIntervalMs(window, 1), options)
}

/** `$__auto` is the step for a range query and the whole range for an instant one. */
export function logqlMacros(
  rangeMs: number,
  requestMs: number,
  options: LokiOptions,
): { stepMs: number; macros: ChosenValues } {
  const stepMs = lokiStepMs(rangeMs, requestMs, options)
  const range = rangeMacros(rangeMs)
  const auto = options.kind === 'range' ? single(formatInterval(stepMs)) : range.__range
  return {
    stepMs,
    macros: { ...range, ...intervalMacros(requestMs), ...(auto === undefined ? {} : { __auto: auto }) },
  }
}

/** A step that is written counts as it is, and otherwise the request's, times the older factor of resolution. */
export function lokiStepMs(
  rangeMs: number,
  requestMs: number,
  { step = '', resolution }: Omit<LokiOptions, 'kind'>,
): number {
  const factor = [1, 2, 3, 4, 5, 10].includes(resolution) ? resolution : 1
  if (step === '') return Math.ceil(Math.max(requestMs * factor, rangeMs / mostPoints))
  if (isOneOf(step, '__interval', '__auto')) return requestMs * factor
  if (isOneOf(step, '__range')) return rangeMs * factor
  return (parseIntervalMs(step) ?? requestMs) * factor
}

function rangeMacros(rangeMs: number): ChosenValues {
  const seconds = Math.round(rangeMs / 1_000)
  return { __range: single(`${seconds}s`), __range_s: single(seconds), __range_ms: single(rangeMs) }
}

function intervalMacros(stepMs: number): ChosenValues {
  return {
    __interval: single(formatInterval(stepMs)),
    __interval_s: single(Math.round(stepMs / 1_000)),
    __interval_ms: single(stepMs),
  }
}

/** What Grafana's browser side knows of every query: the time range, and the dashboard. */
export function builtInValues(
  range: { readonly fromMs: number; readonly toMs: number },
  dashboard: { readonly uid: string; readonly title: string },
): ChosenValues {
  return {
    __from: single(range.fromMs),
    __to: single(range.toMs),
    __timezone: single('utc'),
    __dashboard: single(dashboard.title),
    '__dashboard.uid': single(dashboard.uid),
  }
}
