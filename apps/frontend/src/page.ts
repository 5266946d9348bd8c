import type { RequestContext } from '../../node-service/src/request-context.ts'
import { Html, html } from './html.ts'
import { pageStyle } from './page-style.ts'
import type { Schedule, ScheduleAnswer } from './schedule-call.ts'
import type { ScheduleQuery } from './schedule-query.ts'

/** One API's answer under its version and the words it is shown with. */
export interface AnsweredVersion {
  readonly version: string
  readonly title: string
  readonly answer: ScheduleAnswer
}

/** The page: the question as a form, both answers side by side, and under which ids the request can be found. */
export function renderPage(
  query: ScheduleQuery,
  versions: readonly AnsweredVersion[],
  context: RequestContext,
): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Available schedules</title>
<link rel="icon" href="data:,">
<style>${new Html(pageStyle)}</style>
</head>
<body>
<header>
<h1>Available schedules</h1>
<p class="quiet">The free slots of a professional, asked of both versions of the API.</p>
${renderForm(query)}
</header>
<main>
${renderAgreement(versions)}
<div class="answers">
${versions.map(renderVersion)}
</div>
</main>
<footer class="quiet">
<p>Request <code>${context.requestId}</code>, trace <code>${context.trace.traceId}</code></p>
</footer>
</body>
</html>
`.text
}

function renderForm(query: ScheduleQuery): Html {
  return html`<form method="get" action="/">
<label>Professional <input name="professional_id" value="${query.professional_id[0]}" required></label>
<label>From <input name="start" type="date" value="${query.start[0]}" required></label>
<label>To <input name="end" type="date" value="${query.end[0]}" required></label>
<label>Unit (any if empty) <input name="unit_id" value="${query.unit_id[0]}"></label>
<button>Show free slots</button>
</form>`
}

function renderAgreement(versions: readonly AnsweredVersion[]): Html {
  const texts = versions.map(({ answer }) => (answer.kind === 'failed' ? undefined : answer.text))
  if (texts.includes(undefined)) {
    return html`<p role="status" class="bad">The versions cannot be compared: not all of them answered.</p>`
  }
  if (new Set(texts).size === 1) {
    return html`<p role="status" class="good">Both versions give the same answer.</p>`
  }
  return html`<p role="status" class="bad">The versions give different answers.</p>`
}

function renderVersion({ version, title, answer }: AnsweredVersion): Html {
  return html`<section aria-labelledby="${version}">
<h2 id="${version}">${title}</h2>
${renderAnswer(answer)}
</section>
`
}

function renderAnswer(answer: ScheduleAnswer): Html {
  if (answer.kind === 'slots') return renderSchedule(answer.schedule)
  if (answer.kind === 'failed') return html`<p class="bad">No answer: ${answer.reason}.</p>`
  return html`<p class="bad">The question was refused:</p>
<ul class="reasons">${answer.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`
}

function renderSchedule({ professional, slots, slot_minutes, timezone, start, end }: Schedule): Html {
  const days = Map.groupBy(slots, (slot) => slot.start.slice(0, 10))
  return html`<p>${professional.name}, ${professional.specialty}</p>
<p class="quiet">${slots.length} free slots of ${slot_minutes} minutes from <time>${start}</time> to <time>${end}</time>, times of ${timezone}</p>
${[...days].map(
  ([day, slotsOfDay]) => html`<h3><time datetime="${day}">${dayInWords(day)}</time></h3>
<ul>${slotsOfDay.map((slot) => html`<li><time datetime="${slot.start}">${slot.start.slice(11, 16)}</time> ${slot.unit_id}</li>`)}</ul>
`,
)}`
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' })

function dayInWords(day: string): string {
  const date = new Date(`${day}T00:00:00Z`)
  return Number.isNaN(date.getTime()) ? day : dayFormat.format(date)
}
