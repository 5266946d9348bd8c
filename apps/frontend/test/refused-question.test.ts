import { describe, expect, test } from 'vitest'
import { answers } from './ingress-double.ts'
import { badQuery, errorAt, frontend, good, read, wordsOf } from './running-frontend.ts'

describe('a question that is refused', () => {
  test('is told at its field and at the top, and the page has its status', async () => {
    await using f = await frontend(badQuery, badQuery)
    const { status, text } = await read(`${f.page.url}/?start=soon`)
    expect(status).toBe(400)
    const words = 'First day “soon” must be a date in the form YYYY-MM-DD'
    expect(errorAt('start', text)).toBe(words)
    expect(text).toContain(`<li><a href="#start">${words}</a></li>`)
    expect(text).toContain('One thing is wrong with the question')
    expect(text).toContain('<title>1 error · Available schedules</title>')
    expect(text).toContain('Both versions refuse this question, in the same words.')
    expect(text.match(/aria-invalid/g)).toHaveLength(2)
  })

  test.each([
    ['start', 'empty', 'must not be empty', 'First day is needed'],
    ['end', 'before_start', 'must not be before start', 'Last day must not be before the first day'],
    [
      'end',
      'range_too_long',
      'must be at most 30 days after start',
      'Last day must be at most 30 days after the first day',
    ],
    ['unit_id', 'not_found', 'is not known', `Unit “${'u'.repeat(40)}…” is not known`],
  ])('of %s as %s is told in the words of the form', async (parameter, code, detail, words) => {
    const refused = answers(400, { errors: [{ parameter, code, detail }] })
    await using f = await frontend(refused, refused)
    const { text } = await read(`${f.page.url}/?unit_id=${'u'.repeat(50)}`)
    expect(errorAt(parameter, text)).toBe(words)
  })

  test('for what is no field is told at the top alone', async () => {
    const refused = answers(400, {
      errors: [
        {
          parameter: null,
          code: 'malformed_query',
          detail: 'pair 1 of the query must be percent-encoded UTF-8',
        },
      ],
    })
    await using f = await frontend(refused, refused)
    const { text } = await read(f.page.url)
    expect(text).toContain('<li>The question: pair 1 of the query must be percent-encoded UTF-8</li>')
    expect(text).not.toContain('aria-invalid="true"')
  })

  test('by one version alone says by which', async () => {
    await using f = await frontend(good, badQuery)
    const { status, text } = await read(`${f.page.url}/?start=soon`)
    expect(status).toBe(200)
    expect(errorAt('start', text)).toContain('(says version 2 only)')
    expect(wordsOf(text)).toContain(
      'Version 1 offers 3 free slots. Version 2 refuses the question with status 400: start must be a date in the form YYYY-MM-DD.',
    )
  })
})
