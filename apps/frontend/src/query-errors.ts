import type { AnsweredVersion } from './asked-version.ts'
import type { QueryError } from './schedule-call.ts'
import { parameters, type ScheduleParameter, type ScheduleQuery } from './schedule-query.ts'

/** What the fields of the form are called. */
export const fieldLabels: Readonly<Record<ScheduleParameter, string>> = {
  professional_id: 'Professional',
  start: 'First day',
  end: 'Last day',
  unit_id: 'Unit',
}

/** One thing that is wrong with the question. */
export interface QuestionError {
  /** Undefined: it is about no field of the form. */
  readonly field: ScheduleParameter | undefined
  readonly text: string
}

/** What the APIs refuse in the question, in the words of the form, each thing once. */
export function questionErrors(query: ScheduleQuery, answered: readonly AnsweredVersion[]): QuestionError[] {
  const judged = answered.filter(({ answer }) => answer.kind !== 'failed')
  const saidBy = new Map<string, { error: QuestionError; names: string[] }>()
  for (const { name, answer } of judged) {
    if (answer.kind !== 'refused') continue
    for (const one of answer.errors) {
      const error = inWords(query, one)
      const known = saidBy.get(error.text)
      if (known === undefined) saidBy.set(error.text, { error, names: [name] })
      else known.names.push(name)
    }
  }
  return [...saidBy.values()].map(({ error, names }) =>
    names.length === judged.length
      ? error
      : { ...error, text: `${error.text} (says ${names.join(', ')} only)` },
  )
}

function inWords(query: ScheduleQuery, { parameter, code, detail }: QueryError): QuestionError {
  const field = parameters.find((name) => name === parameter)
  if (field === undefined) return { field, text: `${parameter ?? 'The question:'} ${detail}` }
  if (code === 'empty' || code === 'missing') return { field, text: `${fieldLabels[field]} is needed` }
  if (code === 'before_start' || code === 'range_too_long') {
    return { field, text: `${fieldLabels[field]} ${detail.replace(/\bstart\b/, 'the first day')}` }
  }
  const seen = query[field].map((value) => `“${shortened(value)}”`).join(' and ')
  return { field, text: `${fieldLabels[field]} ${seen} ${detail}` }
}

const longestShown = 40

function shortened(value: string): string {
  return value.length > longestShown ? `${value.slice(0, longestShown)}…` : value
}
