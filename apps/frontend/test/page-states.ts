import type { RequestHandler } from 'express'
import { answers, schedule } from './ingress-double.ts'

/** What the page can look like, by what the two versions answer. */

const [first, second] = schedule.slots

/** Enough to fill the rows of a narrow page. */
const manySlots = {
  ...schedule,
  slots: Array.from({ length: 12 }, (_, n) => {
    const minutes = 9 * 60 + n * 20
    const at = (time: number) =>
      `2026-11-24T${String(Math.floor(time / 60)).padStart(2, '0')}:${String(time % 60).padStart(2, '0')}:00+00:00`
    return { start: at(minutes), end: at(minutes + 20), unit_id: n < 6 ? 'baixa' : 'alvalade' }
  }),
}

/** Answers as the APIs do: refuses what has no first day, and a professional who is not known. */
const asTheApisDo: RequestHandler = (request, response, next) => {
  const { start, professional_id } = request.query
  const refuse = (status: number, parameter: string, code: string, detail: string) =>
    answers(status, { errors: [{ parameter, code, detail }] })(request, response, next)
  if (start === '') return refuse(400, 'start', 'empty', 'must not be empty')
  if (professional_id === 'nobody') return refuse(404, 'professional_id', 'not_found', 'is not known')
  return answers(200, manySlots)(request, response, next)
}

const longWord = 'Wolfeschlegelsteinhausenbergerdorff-'.repeat(3)

export interface PageState {
  readonly what: string
  readonly v1: RequestHandler
  readonly v2: RequestHandler
  readonly path: string
  /** The form has free text fields, because there is no data of the clinic. */
  readonly isFreeText?: boolean
  readonly words: string
}

export const normal: PageState = {
  what: 'the same slots',
  v1: asTheApisDo,
  v2: asTheApisDo,
  path: '/',
  words: 'Both versions give the same answer',
}

export const pageStates: readonly PageState[] = [
  normal,
  {
    what: 'different slots',
    v1: answers(200, manySlots),
    v2: answers(200, { ...manySlots, slots: [...manySlots.slots.slice(2), first, second] }),
    path: '/',
    words: 'The versions give different answers',
  },
  { ...normal, what: 'a refused question', path: '/?start=&end=2026-11-29', words: 'First day is needed' },
  {
    ...normal,
    what: 'an unknown professional',
    path: '/?professional_id=nobody',
    words: 'Professional “nobody” is not known',
  },
  {
    ...normal,
    what: 'a refusal by one version, with free text fields',
    v2: answers(200, manySlots),
    path: '/?start=',
    isFreeText: true,
    words: 'Version 2 offers 12 free slots',
  },
  {
    ...normal,
    what: 'one version without an answer',
    v2: answers(503, {}),
    words: 'version 2 failed',
  },
  {
    what: 'no answer at all',
    v1: (request) => void request.socket.destroy(),
    v2: answers(500, {}),
    path: '/',
    words: 'both versions failed',
  },
  {
    what: 'no free slot',
    v1: answers(200, { ...schedule, slots: [] }),
    v2: answers(200, { ...schedule, slots: [] }),
    path: '/',
    words: 'There is no free slot',
  },
  {
    what: 'words that do not break',
    v1: answers(200, {
      ...schedule,
      professional: { ...schedule.professional, name: longWord },
      slots: schedule.slots.map((slot) => ({ ...slot, unit_id: longWord })),
    }),
    v2: answers(404, { errors: [{ parameter: null, code: 'unknown', detail: longWord }] }),
    path: `/?professional_id=${longWord}&unit_id=${longWord}`,
    words: 'Wolfeschlegel',
  },
]
