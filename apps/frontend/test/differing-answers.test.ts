import type { RequestHandler } from 'express'
import { describe, expect, test } from 'vitest'
import { answers, schedule } from './ingress-double.ts'
import { clinic, frontend, good, read, rowsOf } from './running-frontend.ts'

describe('what differs', () => {
  const [first, second, third] = schedule.slots
  const without = answers(200, { ...schedule, slots: [first, third] })

  test('is marked where it is, keeps its place in both columns, and is said in words', async () => {
    await using f = await frontend(good, without, { clinic })
    const { text } = await read(f.page.url)
    expect(text).toContain('The versions give different answers.')
    expect(text).toContain('Only version 1 offers 1 free slot: Monday 23 November 2026, 10:20 at Baixa.')
    expect(rowsOf(text).slice(1, 3)).toEqual([
      ['Monday 23 November 2026 1 difference'],
      ['Baixa', '09:00 10:20 only here', '09:00 10:20 missing'],
    ])
    expect(rowsOf(text)[3]).toEqual(['Tuesday 24 November 2026'])
  })

  test('many slots are named by their first three', async () => {
    const many = [0, 1, 2, 3, 4].map((hour) => ({
      start: `2026-11-24T0${hour}:00:00+00:00`,
      end: `2026-11-24T0${hour}:20:00+00:00`,
      unit_id: 'baixa',
    }))
    await using f = await frontend(
      answers(200, { ...schedule, slots: [] }),
      answers(200, { ...schedule, slots: many }),
    )
    expect((await read(f.page.url)).text).toMatch(
      /Only version 2 offers 5 free slots: .* 00:00 at baixa; .* 01:00 at baixa; .* 02:00 at baixa; and 2 more\./,
    )
  })

  test('an end alone is two slots at one time, told apart by their ends', async () => {
    const longer = { ...first, end: '2026-11-23T09:30:00+00:00' }
    await using f = await frontend(good, answers(200, { ...schedule, slots: [longer, second, third] }))
    expect(rowsOf((await read(f.page.url)).text)[2]).toEqual([
      'baixa',
      '09:00 to 09:20 only here 09:00 to 09:30 missing 10:20',
      '09:00 to 09:20 missing 09:00 to 09:30 only here 10:20',
    ])
  })

  test('outside of the slots is said in words', async () => {
    await using f = await frontend(good, answers(200, { ...schedule, slot_minutes: 30 }))
    expect((await read(f.page.url)).text).toContain(
      'The length of a slot in minutes is 20 in version 1 and 30 in version 2.',
    )
  })

  test('in the text alone is told by its length', async () => {
    const spaced: RequestHandler = (_request, response) =>
      void response.type('json').send(`${JSON.stringify(schedule)}\n`)
    await using f = await frontend(good, spaced)
    const { length } = JSON.stringify(schedule)
    expect((await read(f.page.url)).text).toContain(
      `They say the same, but not to the letter: their texts have ${length} characters and ${length + 1} characters.`,
    )
  })

  test('is not that an hour comes twice in the night in which the clock is set back', async () => {
    const times = ['00:30:00+01:00', '01:30:00+01:00', '01:00:00+00:00', '01:30:00+00:00', '02:00:00+00:00']
    const night = answers(200, {
      ...schedule,
      slots: times.map((time) => ({
        start: `2026-10-25T${time}`,
        end: '2026-10-25T03:00:00+00:00',
        unit_id: 'urgencia',
      })),
    })
    await using f = await frontend(night, night)
    expect(rowsOf((await read(f.page.url)).text)[2]?.[1]).toBe(
      '00:30 01:30 UTC+1 01:00 UTC+0 01:30 UTC+0 02:00',
    )
  })

  test('is not that an hour is skipped in the night in which it is set forward', async () => {
    const times = ['00:30:00+00:00', '02:00:00+01:00', '02:30:00+01:00']
    const night = answers(200, {
      ...schedule,
      slots: times.map((time) => ({
        start: `2026-03-29T${time}`,
        end: '2026-03-29T03:00:00+01:00',
        unit_id: 'urgencia',
      })),
    })
    await using f = await frontend(night, night)
    expect(rowsOf((await read(f.page.url)).text)[2]?.[1]).toBe('00:30 02:00 02:30')
  })
})
