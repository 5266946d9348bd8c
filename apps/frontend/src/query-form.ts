import type { Clinic } from './clinic.ts'
import { Html, html } from './html.ts'
import { fieldLabels, type QuestionError } from './query-errors.ts'
import type { ScheduleParameter, ScheduleQuery } from './schedule-query.ts'

/**
 * The question as a form. The browser checks nothing, so that there is one place that says what is wrong, the APIs, and
 * one place where it is read, beside the field.
 */
export function renderForm(
  query: ScheduleQuery,
  errors: readonly QuestionError[],
  clinic: Clinic | undefined,
): Html {
  const period = clinic && html` min="${clinic.valid_from}" max="${clinic.valid_until}"`
  const day = (name: 'start' | 'end') => (common: Html) =>
    html`<input type="date" ${common} value="${query[name][0]}" required${period}>`
  return html`${renderSummary(errors)}
<form method="get" action="/" novalidate>
${field('professional_id', errors, undefined, (common) =>
  clinic
    ? choice(
        common,
        query.professional_id[0] ?? '',
        clinic.professionals.map(({ id, name, specialty }) => [id, `${name}, ${specialty}`]),
      )
    : html`<input ${common} value="${query.professional_id[0]}" required autocapitalize="none" spellcheck="false">`,
)}
${field('start', errors, undefined, day('start'))}
${field('end', errors, undefined, day('end'))}
${field('unit_id', errors, clinic ? undefined : 'Any unit if left empty', (common) =>
  clinic
    ? choice(common, query.unit_id[0] ?? '', [
        ['', 'Any unit'],
        ...clinic.units.map(({ id, name }): Option => [id, name]),
      ])
    : html`<input ${common} value="${query.unit_id[0]}" autocapitalize="none" spellcheck="false">`,
)}
<button>Show free slots</button>
</form>`
}

/** All errors at the top, where the focus starts when there are any: each leads to its field. */
function renderSummary(errors: readonly QuestionError[]): Html | undefined {
  if (errors.length === 0) return undefined
  return html`<div class="box bad" id="problems" role="group" aria-labelledby="problems-title" tabindex="-1" autofocus>
<h2 id="problems-title">${errors.length === 1 ? 'One thing is' : `${errors.length} things are`} wrong with the question</h2>
<ul>${errors.map(({ field: name, text }) => (name ? html`<li><a href="#${name}">${text}</a></li>` : html`<li>${text}</li>`))}</ul>
</div>`
}

function field(
  name: ScheduleParameter,
  errors: readonly QuestionError[],
  hint: string | undefined,
  control: (common: Html) => Html,
): Html {
  const own = errors.filter((error) => error.field === name)
  const described = [hint && `${name}-hint`, own.length > 0 && `${name}-error`].filter(Boolean).join(' ')
  const common = html`id="${name}" name="${name}"${described && html` aria-describedby="${described}"`}${own.length > 0 && new Html(' aria-invalid="true"')}`
  return html`<div class="field ${name}">
<label for="${name}">${fieldLabels[name]}</label>
${control(common)}
${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}
${own.length > 0 && html`<p class="error" id="${name}-error">${own.map(({ text }) => html`<span>${text}</span>`)}</p>`}
</div>`
}

type Option = readonly [value: string, words: string]

/** What was asked for and is not among the options is shown as one more, so that the form says what was asked. */
function choice(common: Html, chosen: string, options: readonly Option[]): Html {
  const all = options.some(([value]) => value === chosen)
    ? options
    : [...options, [chosen, chosen ? `“${chosen}”` : 'None chosen'] as const]
  return html`<select ${common}>${all.map(
    ([value, words]) =>
      html`<option value="${value}"${value === chosen && new Html(' selected')}>${words}</option>`,
  )}</select>`
}
