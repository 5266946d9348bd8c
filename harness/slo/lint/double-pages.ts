import { type Objective, pairsOf } from '../objective.ts'
import { placeOf } from './document-paths.ts'
import { type Finding, findingAt } from './finding.ts'
import { mayShareSeries } from './shared-series.ts'

/** Apps by the apps that their requests make them ask. */
export type AskedApps = Readonly<Record<string, readonly string[]>>

/**
 * Two objectives that page for one cause wake somebody twice. They do where both count the same bad requests, and where one
 * is of an app that asks the other's: what the asked one fails or delays, the asking one has to answer for.
 */
export function doublePages(objectives: readonly Objective[], asks: AskedApps): Finding[] {
  const paging = objectives.filter((each) => pairsOf(each).some(({ severity }) => severity === 'page'))
  return paging.flatMap((objective, index) => [
    ...paging.slice(0, index).flatMap((other) => samePage(objective, other)),
    ...causesOf(objective, paging, asks),
  ])
}

function samePage(objective: Objective, other: Objective): Finding[] {
  if (objective.kind !== other.kind) return []
  const part = objective.bad === undefined ? 'good' : 'bad'
  if (!mayShareSeries(objective[part] ?? '', other[part] ?? '')) return []
  return [
    findingAt('paged-twice', objective, placeOf.query(part), {
      expected: 'requests that no other objective pages for',
      seen: `requests of ${other.name} (${other.lineOf(placeOf.query(part))})`,
      remedy: 'other requests, or metadata.annotations signalproof.dev/pages: "false" on one of the two',
    }),
  ]
}

function causesOf(objective: Objective, paging: readonly Objective[], asks: AskedApps): Finding[] {
  const asked = asks[objective.service] ?? []
  const causes = paging.filter(({ service, kind }) => kind === objective.kind && asked.includes(service))
  if (causes.length === 0) return []
  const named = causes.map(({ name, lineOf }) => `${name} (${lineOf(placeOf.pages)})`).join(' and ')
  return [
    findingAt('paged-twice', objective, placeOf.pages, {
      expected: `no page for what the apps do that ${objective.service} asks (\`causes\` in signalproof.config.ts)`,
      seen: `pages of its own beside those of ${named}`,
      remedy: 'metadata.annotations signalproof.dev/pages: "false", so that it opens a ticket',
    }),
  ]
}
