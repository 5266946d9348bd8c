import { isMap } from '../config/document-path.ts'
import { parseDurationMs } from '../core/prometheus-duration.ts'
import { SignalproofError } from '../core/signalproof-error.ts'

/** Alertmanager's routing tree, as far as it decides when and where an alert is delivered. */

export interface RouteTimings {
  readonly receiver: string
  readonly groupBy: readonly string[]
  readonly groupWaitMs: number
  readonly groupIntervalMs: number
  readonly repeatIntervalMs: number
}

interface RouteNode {
  readonly receiver?: string
  readonly matchers?: readonly string[]
  /** The older notation of matchers, which Alertmanager still takes. */
  readonly match?: Readonly<Record<string, string>>
  readonly match_re?: Readonly<Record<string, string>>
  readonly continue?: boolean
  readonly routes?: readonly RouteNode[]
  readonly group_by?: readonly string[]
  readonly group_wait?: string
  readonly group_interval?: string
  readonly repeat_interval?: string
}

/** Alertmanager's defaults (docs/configuration.md, `<route>`). */
const defaults: RouteTimings = {
  receiver: '',
  groupBy: [],
  groupWaitMs: 30_000,
  groupIntervalMs: 300_000,
  repeatIntervalMs: 14_400_000,
}

export class AlertRouting {
  private readonly root: RouteNode

  constructor(alertmanager: unknown) {
    const route = isMap(alertmanager) ? alertmanager.route : undefined
    if (!isMap(route)) {
      throw new SignalproofError('CONFIG_INVALID', {
        expected: 'an Alertmanager configuration with a root route',
        seen: JSON.stringify(route),
        where: 'alertmanager: route',
        remedy: 'correct alerts/alertmanager.yaml',
      })
    }
    this.root = route as RouteNode
  }

  /** Every route an alert with these labels takes: the deepest match of each branch, siblings only after `continue`. */
  routesFor(labels: Readonly<Record<string, string>>): RouteTimings[] {
    return walk(this.root, labels, defaults)
  }
}

function walk(
  node: RouteNode,
  labels: Readonly<Record<string, string>>,
  inherited: RouteTimings,
): RouteTimings[] {
  const here: RouteTimings = {
    receiver: node.receiver ?? inherited.receiver,
    groupBy: node.group_by ?? inherited.groupBy,
    groupWaitMs: duration(node.group_wait) ?? inherited.groupWaitMs,
    groupIntervalMs: duration(node.group_interval) ?? inherited.groupIntervalMs,
    repeatIntervalMs: duration(node.repeat_interval) ?? inherited.repeatIntervalMs,
  }
  const taken: RouteTimings[] = []
  for (const child of node.routes ?? []) {
    if (!takes(child, labels)) continue
    taken.push(...walk(child, labels, here))
    if (child.continue !== true) break
  }
  return taken.length > 0 ? taken : [here]
}

const duration = (text: string | undefined): number | null =>
  text === undefined ? null : parseDurationMs(text)

/** Whether all of a route's matchers fit; one without any takes every alert. */
function takes(node: RouteNode, labels: Readonly<Record<string, string>>): boolean {
  return (
    (node.matchers ?? []).every((matcher) => matches(matcher, labels)) &&
    Object.entries(node.match ?? {}).every(([name, value]) => (labels[name] ?? '') === value) &&
    Object.entries(node.match_re ?? {}).every(([name, value]) => fitsWhole(value, labels[name] ?? ''))
  )
}

/**
 * One matcher in Alertmanager's notation: `name="value"`, `!=`, `=~`, `!~`. A missing label is the empty text; inside
 * the quotes `\\`, `\"` and `\n` are escapes, and any other backslash is one.
 */
function matches(matcher: string, labels: Readonly<Record<string, string>>): boolean {
  const parts = /^\s*([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^",{}]*?))\s*$/.exec(matcher)
  if (parts === null) {
    throw new SignalproofError('CONFIG_INVALID', {
      expected: 'a matcher like severity="page"',
      seen: matcher,
      where: 'alertmanager: route … matchers',
      remedy: 'write one matcher an entry, with the value in double quotes',
    })
  }
  const [, name = '', operator, quoted, bare = ''] = parts
  const value = (quoted ?? bare).replaceAll(/\\([\\"n])/g, (_, char: string) => (char === 'n' ? '\n' : char))
  const label = labels[name] ?? ''
  const fits = operator?.includes('~') ? fitsWhole(value, label) : label === value
  return operator?.startsWith('!') ? !fits : fits
}

const fitsWhole = (regex: string, label: string): boolean => new RegExp(`^(?:${regex})$`).test(label)
