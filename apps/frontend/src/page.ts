import type { RequestContext } from '../../node-service/src/request-context.ts'
import { type Agreement, judgeAgreement } from './answer-agreement.ts'
import { type AnsweredVersion, capital, offering } from './asked-version.ts'
import type { Clinic } from './clinic.ts'
import { Html, html } from './html.ts'
import { pageStyle } from './page-style.ts'
import { questionErrors } from './query-errors.ts'
import { renderForm } from './query-form.ts'
import { daysBeside, type ScheduleQuery, writeQuery } from './schedule-query.ts'
import { renderSlots } from './slots-table.ts'

/** What the page is made of. */
export interface PageParts {
  readonly query: ScheduleQuery
  readonly answered: readonly AnsweredVersion[]
  readonly clinic: Clinic | undefined
  readonly context: RequestContext
}

/** The page: the question as a form, both answers side by side, and under which ids the request can be found. */
export function renderPage({ query, answered, clinic, context }: PageParts): string {
  const errors = questionErrors(query, answered)
  const offers = offering(answered)
  const [first] = offers
  const title = [
    errors.length > 0 && (errors.length === 1 ? '1 error' : `${errors.length} errors`),
    first?.schedule.professional.name,
    'Available schedules',
  ]
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title.filter(Boolean).join(' · ')}</title>
<link rel="icon" href="data:,">
<style>${new Html(pageStyle)}</style>
</head>
<body>
<a class="skip" href="#answer">Skip to the answer</a>
<header>
<h1>Available schedules</h1>
<p class="quiet">The free slots of a professional, asked of both versions of the API.</p>
</header>
<main>
<search aria-label="Free slots">
${renderForm(query, errors, clinic)}
</search>
<div id="answer" tabindex="-1">
${renderAgreement(judgeAgreement(answered, clinic), answered, query)}
${renderSlots(offers, query, clinic)}
${offers.length > 0 && renderOtherDays(query, clinic)}
</div>
</main>
<footer class="quiet">
<p>Request <code>${context.requestId}</code>, trace <code>${context.trace.traceId}</code></p>
</footer>
</body>
</html>
`.text
}

const looks = {
  'same-slots': 'good',
  'same-refusal': 'plain',
  different: 'bad',
  'not-comparable': 'bad',
} as const

/** What the answers are to each other, and of each that is none why and what to do. */
function renderAgreement(
  { kind, summary, differences }: Agreement,
  answered: readonly AnsweredVersion[],
  query: ScheduleQuery,
): Html {
  return html`<div class="box ${looks[kind]}" id="agreement">
<p><strong>${summary}</strong></p>
${differences.length > 0 && html`<ul>${differences.map((difference) => html`<li>${difference}</li>`)}</ul>`}
${kind === 'same-refusal' && html`<p>No slots are shown. Correct what is marked above and ask again.</p>`}
${answered.map(renderFailure)}
${kind === 'not-comparable' && html`<p><a href="/?${writeQuery(query)}">Ask again</a></p>`}
</div>`
}

function renderFailure({ version, name, madeWith, answer }: AnsweredVersion): Html {
  if (answer.kind !== 'failed') return html``
  return html`<p id="${version}-failed">${capital(name)} (${madeWith}) ${answer.reason}. ${answer.remedy}</p>
`
}

function renderOtherDays(query: ScheduleQuery, clinic: Clinic | undefined): Html {
  const link = (to: ScheduleQuery | undefined, words: string) =>
    to && html`<a href="/?${writeQuery(to)}">${words}</a>`
  return html`<nav aria-label="Other days">${link(daysBeside(query, -1, clinic), 'Earlier days')}${link(daysBeside(query, 1, clinic), 'Later days')}</nav>`
}
