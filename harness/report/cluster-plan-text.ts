import { styleText } from 'node:util'
import type { PlannedClaim } from '../claims/claim-plan.ts'
import { visibleLength, wrap } from '../core/wrap.ts'

/** What `verify --env cluster --plan` says, for people and for programs. */
export interface ClusterPlanReport {
  readonly environment: 'cluster'
  readonly context: string
  readonly kubeconfig: string
  readonly profile: string
  readonly allow: readonly string[]
  /** Where objects are listed. */
  readonly namespaces: readonly string[]
  readonly claims: readonly PlannedClaim[]
  /** Files whose claims have rows of their own; what they ask is held to the same requests. */
  readonly unlisted: readonly string[]
  readonly changes: readonly PlannedChange[]
  /** Everything that may be asked; what is not here is refused on this machine. */
  readonly requests: readonly PlannedRequests[]
  readonly permissions: readonly string[]
}

export interface PlannedChange {
  readonly what: string
  /** The claims that it is done for. */
  readonly claims: readonly string[]
}

export interface PlannedRequests {
  readonly backend: string
  /** Where it is, in words. */
  readonly place: string
  /** The path on the API server, or the address. */
  readonly at: string
  readonly calls: readonly string[]
}

export function writeClusterPlan(report: ClusterPlanReport, columns: number): string {
  const width = Math.max(40, Math.min(columns, 120))
  const checked = report.claims.filter(({ willBe }) => willBe === 'checked')
  const skipped = report.claims.filter(({ willBe }) => willBe === 'skipped')
  const line = (text: string, indent = 0) => foldPaths(wrap(text, width, indent), width)
  const head = (text: string) => styleText('bold', line(text))
  const blocks = [
    [
      head(`plan for the context ${report.context}`),
      line(
        `kubeconfig ${report.kubeconfig}; promises of the profile ${report.profile}; allowed beside reading: ${report.allow.join(', ') || 'nothing'}. Nothing was asked to write this.`,
      ),
    ],
    [
      head(`${checked.length} claims would be checked`),
      ...checked.flatMap(({ id, title }) => [line(id, 2), styleText('gray', line(title, 4))]),
      ...report.unlisted.map((path) =>
        line(`and those of ${path}, which has rows of its own; they may ask what is listed below`, 2),
      ),
    ],
    [head(`${skipped.length} claims would be skipped`), ...bySkipReason(skipped, line)],
    [
      head('what it would change'),
      ...(report.changes.length === 0
        ? [line('nothing', 2)]
        : report.changes.flatMap(({ what, claims }) => [
            line(what, 2),
            ...(claims.length === 0 ? [] : [styleText('gray', line(`for ${claims.join(', ')}`, 4))]),
          ])),
    ],
    [
      head('what it may ask; anything else is refused before it leaves this machine'),
      ...(report.namespaces.length < 2
        ? []
        : [styleText('gray', line(`{namespace} is each of ${report.namespaces.join(', ')}`, 2))]),
      ...report.requests.flatMap(({ backend, place, at, calls }) => [
        line(`${styleText('bold', backend)} ${place}`, 2),
        styleText('gray', line(at, 4)),
        ...together(calls, /(?<=\/namespaces\/)[^/{]+/, (all) =>
          sameNames(all, report.namespaces) ? '{namespace}' : `{${all.join(',')}}`,
        ).map((call) => line(call, 6)),
      ]),
    ],
    [
      head('permissions that the user of the context needs'),
      ...together(report.permissions, /(?<= in )\S+$/, (all) => all.join(', ')).map((text) => line(text, 2)),
    ],
  ]
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

/** A path has no blank to fold at: it goes on after a slash, further in. */
function foldPaths(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const folded: string[] = []
      let rest = line
      while (visibleLength(rest) > width) {
        const indent = /^\s*/.exec(rest)?.[0] ?? ''
        const at = rest.lastIndexOf('/', width - 1)
        if (at <= indent.length) break
        folded.push(rest.slice(0, at + 1))
        rest = `${indent}  ${rest.slice(at + 1)}`
      }
      return [...folded, rest]
    })
    .join('\n')
}

const sameNames = (some: readonly string[], others: readonly string[]): boolean =>
  some.toSorted().join() === others.toSorted().join()

/** Lines that differ in one part only, as one line with all that stand there. */
function together(
  lines: readonly string[],
  part: RegExp,
  join: (parts: readonly string[]) => string,
): string[] {
  const byRest = new Map<string, string[]>()
  for (const line of lines) {
    const rest = line.replace(part, '\0')
    byRest.set(rest, [...(byRest.get(rest) ?? []), part.exec(line)?.[0] ?? ''])
  }
  return [...byRest].map(([rest, parts]) =>
    rest.replace('\0', () => (parts.length === 1 ? (parts[0] ?? '') : join(parts))),
  )
}

function bySkipReason(
  skipped: readonly PlannedClaim[],
  line: (text: string, indent: number) => string,
): string[] {
  const reasons = new Map<string, string[]>()
  for (const { id, reason = '' } of skipped) reasons.set(reason, [...(reasons.get(reason) ?? []), id])
  return [...reasons].flatMap(([reason, ids]) => [
    line(reason, 2),
    styleText('gray', line(ids.join(', '), 4)),
  ])
}
