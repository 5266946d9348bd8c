import { createHash } from 'node:crypto'
import type { RequestHandler } from 'express'
import { describe, expect, test } from 'vitest'
import { type Listening, listening } from '../../node-service/test/listening.ts'
import { createFrontendApp } from '../src/frontend-app.ts'
import { answers, type IngressDouble, ingressDouble, schedule } from './ingress-double.ts'

interface Running extends AsyncDisposable {
  readonly page: Listening
  readonly ingress: IngressDouble
  readonly lines: string[]
}

async function frontend(v1: RequestHandler, v2: RequestHandler, host?: string): Promise<Running> {
  const lines: string[] = []
  const ingress = await ingressDouble(v1, v2)
  const { app } = createFrontendApp({
    ingress: { url: new URL(ingress.url), host },
    now: () => new Date('2026-11-23T23:30:00Z'),
    writeLine: (line) => lines.push(line),
  })
  const page = await listening(app)
  const end = async () => {
    await page[Symbol.asyncDispose]()
    await ingress[Symbol.asyncDispose]()
  }
  return { page, ingress, lines, [Symbol.asyncDispose]: end }
}

async function read(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

const good = answers(200, schedule)
const badQuery = answers(400, {
  type: 'about:blank',
  title: 'Bad Request',
  status: 400,
  detail: 'the query has errors',
  errors: [{ parameter: 'start', code: 'not_a_date', detail: 'must be a date in the form YYYY-MM-DD' }],
})

describe('the page', () => {
  test('asks both versions for the week from today on and shows their slots by day', async () => {
    await using f = await frontend(good, good)
    const { status, text } = await read(f.page.url)
    expect(status).toBe(200)
    expect(f.ingress.asked.map(({ url }) => url).sort()).toEqual([
      '/v1/appoints/available-schedule?professional_id=ana-duarte&start=2026-11-23&end=2026-11-29',
      '/v2/appoints/available-schedule?professional_id=ana-duarte&start=2026-11-23&end=2026-11-29',
    ])
    expect(text).toContain('Both versions give the same answer.')
    expect(text.match(/<time datetime="2026-11-23">Monday,? 23 November 2026<\/time>/g)).toHaveLength(2)
    expect(text.match(/<time datetime="2026-11-24T14:00:00\+00:00">14:00<\/time> alvalade/g)).toHaveLength(2)
    expect(text).toContain(
      '3 free slots of 20 minutes from <time>2026-11-23</time> to <time>2026-11-29</time>, times of Europe/Lisbon',
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
      answers(200, { ...schedule, professional, slots: [{ ...schedule.slots[0], start: hostile }] }),
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
  const broken: [string, RequestHandler, string][] = [
    ['fails', answers(503, { detail: 'injected' }), 'No answer: it answered with status 503.'],
    [
      'is not routed',
      (_request, response) => void response.status(404).send('404 page not found'),
      'No answer: it answered with status 404.',
    ],
    [
      'answers nonsense',
      answers(200, { slots: 'none' }),
      'No answer: it answered something that is not a schedule.',
    ],
    [
      'answers no JSON',
      (_request, response) => void response.send('<html>'),
      'No answer: it answered something that is not a schedule.',
    ],
    ['hangs up', (request) => void request.socket.destroy(), 'No answer: it could not be reached ('],
    ['never answers', () => {}, 'No answer: it did not answer within 2 s.'],
  ]
  test.each(broken)(
    'because it %s, its part says so and the other part is shown',
    async (_what, v2, words) => {
      await using f = await frontend(good, v2)
      const { status, text } = await read(f.page.url)
      expect(status).toBe(200)
      expect(text.split('<h2 id="v2">')[1]).toContain(words)
      expect(text.split('<h2 id="v2">')[0]).toContain('3 free slots')
      expect(text).toContain('The versions cannot be compared')
    },
  )

  test('and neither does the other, the page is 502 and is logged as an error', async () => {
    await using f = await frontend(answers(500, {}), answers(500, {}))
    expect((await read(f.page.url)).status).toBe(502)
    expect(f.lines.map((line) => JSON.parse(line))).toMatchObject([
      { route: '/', status: 502, level: 'error' },
    ])
  })

  test('because the question is wrong, its reasons are told and the page has its status', async () => {
    await using f = await frontend(badQuery, badQuery)
    const { status, text } = await read(`${f.page.url}/?start=soon`)
    expect(status).toBe(400)
    expect(text.match(/<li>start must be a date in the form YYYY-MM-DD<\/li>/g)).toHaveLength(2)
    expect(text).toContain('Both versions give the same answer.')
  })

  test('because of an unknown professional, the page is 404, even if the other version failed', async () => {
    const unknown = answers(404, {
      detail: 'the clinic has no such professional or unit',
      errors: [{ parameter: 'professional_id', code: 'not_found', detail: 'is not known' }],
    })
    await using f = await frontend(answers(500, {}), unknown)
    const { status, text } = await read(f.page.url)
    expect(status).toBe(404)
    expect(text).toContain('<li>professional_id is not known</li>')
  })

  test('different answers are told apart', async () => {
    await using f = await frontend(good, answers(200, { ...schedule, slots: [] }))
    expect((await read(f.page.url)).text).toContain('The versions give different answers.')
  })
})

describe('the calls through the ingress', () => {
  test("carry the request id, the trace with the page's own span, and the host the ingress routes by", async () => {
    await using f = await frontend(good, good, 'dev.local')
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
