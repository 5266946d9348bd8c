import type { RequestHandler } from 'express'
import type { Tracing } from '../../node-service/src/spans.ts'
import { type Listening, listening } from '../../node-service/test/listening.ts'
import type { Clinic } from '../src/clinic.ts'
import { createFrontendApp } from '../src/frontend-app.ts'
import { answers, type IngressDouble, ingressDouble, schedule } from './ingress-double.ts'

interface Running extends AsyncDisposable {
  readonly page: Listening
  readonly ingress: IngressDouble
  readonly lines: string[]
}

interface Setting {
  readonly host?: string
  readonly clinic?: Clinic
  readonly today?: string
  readonly tracing?: Tracing
}

export async function frontend(
  v1: RequestHandler,
  v2: RequestHandler,
  { host, clinic, today = '2026-11-23', tracing }: Setting = {},
): Promise<Running> {
  const lines: string[] = []
  const ingress = await ingressDouble(v1, v2)
  const { app } = createFrontendApp({
    ingress: { url: new URL(ingress.url), host },
    clinic,
    now: () => new Date(`${today}T23:30:00Z`),
    writeLine: (line) => lines.push(line),
    ...(tracing && { tracing }),
  })
  const page = await listening(app)
  const end = async () => {
    await page[Symbol.asyncDispose]()
    await ingress[Symbol.asyncDispose]()
  }
  return { page, ingress, lines, [Symbol.asyncDispose]: end }
}

export async function read(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

/** The words of a page, without its markup. */
export function wordsOf(text: string): string {
  return text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ ([.,])/g, '$1')
    .trim()
}

/** The table as its cells' words. */
export function rowsOf(text: string): string[][] {
  return [...text.matchAll(/<tr.*?<\/tr>/gs)].map(([row]) =>
    [...row.matchAll(/<t[hd].*?<\/t[hd]>/gs)].map(([cell]) => wordsOf(cell)),
  )
}

/** The error that a field is described by. */
export function errorAt(field: string, text: string): string | undefined {
  const described = new RegExp(`id="${field}"[^>]* aria-describedby="([^"]*)" aria-invalid="true"`).exec(
    text,
  )?.[1]
  if (!described?.split(' ').includes(`${field}-error`)) return undefined
  return wordsOf(new RegExp(`<p class="error" id="${field}-error">.*?</p>`, 's').exec(text)?.[0] ?? '')
}

export const clinic: Clinic = {
  valid_from: '2026-01-01',
  valid_until: '2027-12-31',
  units: [
    { id: 'baixa', name: 'Baixa' },
    { id: 'alvalade', name: 'Alvalade' },
  ],
  professionals: [
    { id: 'rui-nobrega', name: 'Rui Nóbrega', specialty: 'emergency medicine' },
    { id: 'ana-duarte', name: 'Ana Duarte', specialty: 'general practice' },
  ],
}

export const good = answers(200, schedule)

export const badQuery = answers(400, {
  type: 'about:blank',
  title: 'Bad Request',
  status: 400,
  detail: 'the query has errors',
  errors: [{ parameter: 'start', code: 'not_a_date', detail: 'must be a date in the form YYYY-MM-DD' }],
})
