import type { RunResult } from '../run-result.ts'
import { bar } from './bars.ts'
import { type Markup, markup } from './markup.ts'
import { badge, foldable, scrolled, section, time } from './words.ts'

/** What the run was of: promises, what was changed for it, and each component with where it came from. */

export function promisesSection({ promises }: Pick<RunResult, 'promises'>): Markup | undefined {
  if (promises.length === 0) return undefined
  return section(
    'promises',
    'Promises',
    'What the configuration allows at worst, against what was promised.',
    scrolled(
      'Promises',
      markup`<table class="plain"><thead><tr><th scope="col">promise</th><th scope="col">profile</th><th scope="col" class="number">at worst</th><th scope="col" class="number">promised</th><th scope="col">of it</th><th scope="col">kept</th></tr></thead><tbody>${promises.map(
        ({ id, profile, worstCaseMs, promisedMs }) => {
          const isKept = worstCaseMs <= promisedMs
          return markup`<tr><th scope="row">${id}</th><td>${profile}</td><td class="number">${time(worstCaseMs)}</td><td class="number">${time(promisedMs)}</td><td class="bars">${bar({ ms: worstCaseMs, worstCaseMs: promisedMs, scaleMs: Math.max(worstCaseMs, promisedMs) })}</td><td>${badge(isKept ? 'proven' : 'broken', isKept ? 'kept' : 'not kept')}</td></tr>`
        },
      )}</tbody></table>`,
    ),
  )
}

export function provenanceSection({
  components,
  set,
  digest,
  environment,
  profile,
  runId,
}: RunResult): Markup {
  const facts: [string, Markup | string][] = [
    ['run', markup`<code>${runId}</code>`],
    ['environment', environment],
    ['profile', profile],
    ['configuration', markup`<code>${digest}</code>`],
    [
      'changed',
      set.length === 0
        ? 'nothing'
        : markup`${set.map((one) => markup`<code>--set ${foldable(one)}</code> `)}`,
    ],
  ]
  return section(
    'components',
    'Components and where they came from',
    '',
    markup`<dl class="facts">${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${
  components.length > 0 &&
  scrolled(
    'Components',
    markup`<table class="plain"><thead><tr><th scope="col">component</th><th scope="col">version</th><th scope="col">from</th><th scope="col">where</th></tr></thead><tbody>${components.map(
      ({ name, version, provenance, location }) =>
        markup`<tr><th scope="row">${name}</th><td><code>${version}</code></td><td>${provenance}</td><td class="place"><code>${foldable(location)}</code></td></tr>`,
    )}</tbody></table>`,
  )
}`,
  )
}
