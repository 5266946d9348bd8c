import { createHash } from 'node:crypto'
import type { RequestHandler } from 'express'
import { describe, expect, test } from 'vitest'
import { answers, schedule } from './ingress-double.ts'
import { clinic, errorAt, frontend, good, read, rowsOf, wordsOf } from './running-frontend.ts'

describe('the page', () => {
  test('asks both versions for the week from today on and shows their slots by day', async () => {
    await using f = await frontend(good, good)
    const { status, text } = await read(f.page.url)
    expect(status).toBe(200)
    expect(f.ingress.asked.map(({ url }) => url).sort()).toEqual([
      '/v1/appoints/available-schedule?professional_id=ana-duarte&start=2026-11-23&end=2026-11-29',
      '/v2/appoints/available-schedule?professional_id=ana-duarte&start=2026-11-23&end=2026-11-29',
    ])
    expect(text).toContain('Both versions give the same answer, to the letter.')
    expect(rowsOf(text)).toEqual([
      ['Unit', 'Version 1 Python, 3 free', 'Version 2 Go, 3 free'],
      ['Monday 23 November 2026'],
      ['baixa', '09:00 10:20', '09:00 10:20'],
      ['Tuesday 24 November 2026'],
      ['alvalade', '14:00', '14:00'],
    ])
    expect(wordsOf(text)).toContain(
      '3 free slots of 20 minutes from Monday 23 November 2026 to Sunday 29 November 2026. Times of Europe/Lisbon.',
    )
  })

  test('passes on what was asked, wrong or repeated values too, and shows it in the form', async () => {
    await using f = await frontend(good, good)
    const { text } = await read(
      `${f.page.url}/?professional_id=x%20%26y&start=2026-12-01&end=1&end=2&unit_id=&utm=1`,
    )
    expect(f.ingress.asked[0]?.url.split('?')[1]).toBe('professional_id=x+%26y&start=2026-12-01&end=1&end=2')
    expect(text).toContain('name="professional_id" value="x &amp;y"')
  })

  test('counts a week from a given start', async () => {
    await using f = await frontend(good, good)
    await read(`${f.page.url}/?start=2026-12-30&unit_id=baixa`)
    expect(f.ingress.asked[0]?.url).toContain('start=2026-12-30&end=2027-01-05&unit_id=baixa')
  })

  test('escapes what was asked and what was answered', async () => {
    const hostile = `</h3><script>alert('"&')</script>`
    const professional = { ...schedule.professional, name: hostile }
    await using f = await frontend(
      answers(200, { ...schedule, professional, slots: [{ ...schedule.slots[0], unit_id: hostile }] }),
      good,
    )
    const { text } = await read(`${f.page.url}/?professional_id=${encodeURIComponent(hostile)}`)
    expect(text).not.toContain('<script')
    expect(
      text.split('&lt;/h3&gt;&lt;script&gt;alert(&#39;&quot;&amp;&#39;)&lt;/script&gt;').length - 1,
    ).toBeGreaterThanOrEqual(3)
  })

  test('may run no script and load nothing; its style is the one the policy names', async () => {
    await using f = await frontend(good, good)
    const { headers, text } = await read(f.page.url)
    const style = /<style>(.*)<\/style>/s.exec(text)?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    expect(headers.get('content-security-policy')).toContain(`default-src 'none'; style-src 'sha256-${hash}'`)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
  })
})

describe('when an API does not give slots', () => {
  const broken: [string, RequestHandler, string, string][] = [
    ['fails', answers(503, { detail: 'injected' }), 'answered with status 503.', 'ask again in a moment'],
    [
      'is not routed',
      (_request, response) => void response.status(404).send('404 page not found'),
      'is not served at its route (status 404).',
      'Check the ingress&#39;s routes.',
    ],
    [
      'answers nonsense',
      answers(200, { slots: 'none' }),
      'answered something that is not a schedule.',
      'check what is served at its route',
    ],
    [
      'answers times that are none',
      answers(200, { ...schedule, slots: [{ ...schedule.slots[0], start: 'soon' }] }),
      'answered something that is not a schedule.',
      'check what is served at its route',
    ],
    [
      'answers no JSON',
      (_request, response) => void response.send('<html>'),
      'answered something that is not a schedule.',
      'check what is served at its route',
    ],
    [
      'hangs up',
      (request) => void request.socket.destroy(),
      'could not be reached (',
      'check that the ingress and the API are running',
    ],
    ['never answers', () => {}, 'did not answer within 2 s.', 'perhaps for fewer days'],
  ]
  test.each(broken)(
    'because it %s, the page says so and what to do, and shows what the other offers',
    async (_what, v2, reason, remedy) => {
      await using f = await frontend(good, v2)
      const { status, text } = await read(f.page.url)
      expect(status).toBe(200)
      expect(text).toContain('The versions cannot be compared: version 2 failed.')
      const failure = /<p id="v2-failed">(.*)<\/p>/.exec(text)?.[1]
      expect(failure).toContain(`Version 2 (Go) ${reason}`)
      expect(failure).toContain(remedy)
      expect(text).toContain('>Ask again</a>')
      expect(rowsOf(text)[2]).toEqual(['baixa', '09:00 10:20'])
    },
  )

  test('and neither does the other, the page is 502 and is logged as an error', async () => {
    await using f = await frontend(answers(500, {}), answers(500, {}))
    const { status, text } = await read(f.page.url)
    expect(status).toBe(502)
    expect(text).toContain('both versions failed')
    expect(f.lines.map((line) => JSON.parse(line))).toMatchObject([
      { route: '/', status: 502, level: 'error' },
    ])
  })

  test('because of an unknown professional, the page is 404, even if the other version failed', async () => {
    const unknown = answers(404, {
      detail: 'the clinic has no such professional or unit',
      errors: [{ parameter: 'professional_id', code: 'not_found', detail: 'is not known' }],
    })
    await using f = await frontend(answers(500, {}), unknown)
    const { status, text } = await read(`${f.page.url}/?professional_id=nobody`)
    expect(status).toBe(404)
    expect(errorAt('professional_id', text)).toBe('Professional “nobody” is not known')
  })
})

test.each([
  ['/?unit_id=baixa', 'Try other days or another unit.'],
  ['/', 'Try other days.'],
])('an answer without slots is said in words: %s', async (path, words) => {
  const none = answers(200, { ...schedule, slots: [] })
  await using f = await frontend(none, none)
  const { text } = await read(f.page.url + path)
  expect(wordsOf(text)).toContain(
    `There is no free slot from Monday 23 November 2026 to Sunday 29 November 2026. ${words}`,
  )
  expect(text).not.toContain('<table')
})

describe("with the clinic's data", () => {
  test('professionals and units are chosen by name, and the first professional is asked for', async () => {
    await using f = await frontend(good, good, { clinic })
    const { text } = await read(f.page.url)
    expect(text).toContain('<option value="rui-nobrega" selected>Rui Nóbrega, emergency medicine</option>')
    expect(text).toContain('<option value="" selected>Any unit</option><option value="baixa">Baixa</option>')
    expect(f.ingress.asked[0]?.url).toContain('professional_id=rui-nobrega&start=2026-11-23&end=2026-11-29')
    expect(f.ingress.asked).toHaveLength(2)
  })

  test('who is not on the list stays chosen, and is asked for', async () => {
    await using f = await frontend(good, good, { clinic })
    const { text } = await read(`${f.page.url}/?professional_id=nobody&unit_id=nowhere`)
    expect(text).toContain('<option value="nobody" selected>“nobody”</option>')
    expect(text).toContain('<option value="nowhere" selected>“nowhere”</option>')
  })

  test.each([
    ['2025-05-01', '', 'start=2026-01-01&end=2026-01-07'],
    ['2030-05-01', '', 'start=2027-12-25&end=2027-12-31'],
    ['2026-11-23', '?start=2027-12-30', 'start=2027-12-30&end=2027-12-31'],
    ['2026-11-23', '?start=2028-01-01', 'start=2028-01-01&end=2028-01-07'],
    ['2026-11-23', '?start=9999-12-31', 'start=9999-12-31&end=9999-12-31'],
  ])('the week is one that it has data for: today %s, %s', async (today, query, asked) => {
    await using f = await frontend(good, good, { clinic, today })
    await read(`${f.page.url}/${query}`)
    expect(f.ingress.asked[0]?.url).toContain(asked)
  })

  test.each([
    ['start=2026-11-23&end=2026-11-29', ['2026-11-16&amp;end=2026-11-22', '2026-11-30&amp;end=2026-12-06']],
    ['start=2026-01-03&end=2026-01-09', ['2026-01-01&amp;end=2026-01-02', '2026-01-10&amp;end=2026-01-16']],
    ['start=2027-12-31&end=2027-12-31', ['2027-12-30&amp;end=2027-12-30']],
    ['start=soon&end=2027-12-31', []],
  ])('the days before and after are one link away: %s', async (query, expected) => {
    await using f = await frontend(good, good, { clinic })
    const { text } = await read(`${f.page.url}/?${query}`)
    const links = [...text.matchAll(/<a href="[^"]*start=([^"]*)">(?:Earlier|Later) days/g)].map(
      ([, days]) => days,
    )
    expect(links).toEqual(expected)
  })
})

describe('the calls through the ingress', () => {
  test("carry the request id, the trace with the page's own span, and the host the ingress routes by", async () => {
    await using f = await frontend(good, good, { host: 'dev.local' })
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
    const headers = { 'x-request-id': 'run-1', traceparent: `00-${trace}-00f067aa0ba902b7-01` }

    const page = await read(f.page.url, headers)

    const ownSpan = page.headers.get('traceparent')
    expect(ownSpan).toMatch(new RegExp(`^00-${trace}-(?!00f067aa0ba902b7)`))
    expect(
      f.ingress.asked.map(({ headers: sent }) => [sent['x-request-id'], sent.traceparent, sent.host]),
    ).toEqual([
      ['run-1', ownSpan, 'dev.local'],
      ['run-1', ownSpan, 'dev.local'],
    ])
    expect(page.text).toContain(`Request <code>run-1</code>, trace <code>${trace}</code>`)
  })

  test("keep the ingress's own host when none is set", async () => {
    await using f = await frontend(good, good)
    await read(f.page.url)
    expect(f.ingress.asked[0]?.headers.host).toBe(new URL(f.ingress.url).host)
  })
})

describe('the metrics', () => {
  test('start at 0 for every status of the page', async () => {
    await using f = await frontend(good, good)
    expect(await f.page.samples('http_requests_total{method="GET",route="/"')).toEqual(
      [200, 400, 404, 502, 500, 503, 504].map(
        (status) => `http_requests_total{method="GET",route="/",status="${status}"} 0`,
      ),
    )
  })

  test('count a page once, by what it answered', async () => {
    await using f = await frontend(good, good)
    await read(f.page.url)
    await fetch(f.page.url, { method: 'POST' })
    const counted = (await f.page.samples('http_requests_total')).filter((line) => !line.endsWith(' 0'))
    expect(counted).toEqual([
      'http_requests_total{method="GET",route="/",status="200"} 1',
      'http_requests_total{method="POST",route="/",status="405"} 1',
    ])
    expect(f.lines).toHaveLength(2)
  })
})
