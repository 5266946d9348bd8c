import { alertsSection } from './alerts-section.ts'
import { chainSection } from './chain-section.ts'
import { claimsSection } from './claims-section.ts'
import { evidenceSection } from './evidence-section.ts'
import { loadSection } from './load-section.ts'
import { Markup, markup } from './markup.ts'
import { objectivesSection } from './objectives-section.ts'
import type { DrawPanel } from './panel-plot.ts'
import { panelsSection } from './panels-section.ts'
import { promisesSection, provenanceSection } from './provenance-section.ts'
import type { ReportInput } from './report-input.ts'
import { style } from './style.ts'
import { timelinesSection } from './timelines-section.ts'
import { verdictSection, verdictSentence } from './verdict-section.ts'

/** The whole page. It asks for nothing: no script, no font, no picture; the policy in its head holds it to that. */

const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

export interface Page {
  readonly title: string
  /** What stands first. */
  readonly head: Markup
  readonly sections: readonly (PageSection | undefined)[]
}

export interface PageSection {
  readonly id: string
  readonly name: string
  readonly body: Markup
}

export function writePage({ title, head, sections }: Page): string {
  const there = sections.filter((section) => section !== undefined)
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<a class="skip" href="#${there[0]?.id ?? 'main'}">Skip to the first section</a>
<main id="main" tabindex="-1">
${head}
<nav aria-label="Sections"><ul>${there.map(({ id, name }) => markup`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
${there.map(({ body }) => body)}
</main>
<footer><p>Written by signalproof from the files of the run. This page asks for nothing and runs no script.</p></footer>
</body>
</html>
`.text
}

const named = (id: string, name: string, body: Markup | undefined): PageSection | undefined =>
  body === undefined ? undefined : { id, name, body }

/** The report of one run. @param draw not needed where the run has no panels */
export function writeRunPage(input: ReportInput, draw: DrawPanel | undefined): string {
  const { result, panels, unread } = input
  return writePage({
    title: `${verdictSentence(result)} ${result.runId} · signalproof`,
    head: markup`${verdictSection(result)}${unread.map((words) => markup`<p class="unproven">Not in this report: ${words}</p>`)}`,
    sections: [
      named('chain', 'Chain', chainSection(result)),
      named('claims', 'Claims', claimsSection(result)),
      named('timelines', 'Timelines', timelinesSection(result)),
      named('panels', 'Panels', draw === undefined ? undefined : panelsSection(panels, draw)),
      named('alerts', 'Alerts', alertsSection(result)),
      named('objectives', 'Objectives', objectivesSection(result)),
      named('load', 'Load', loadSection(input)),
      named('promises', 'Promises', promisesSection(result)),
      named('evidence', 'Evidence', evidenceSection(input)),
      named('components', 'Components', provenanceSection(result)),
    ],
  })
}
