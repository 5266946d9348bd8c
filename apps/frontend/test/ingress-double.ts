import express, { type RequestHandler } from 'express'
import { type Listening, listening } from '../../node-service/test/listening.ts'

interface AskedRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, unknown>>
}

export interface IngressDouble extends Listening {
  readonly asked: AskedRequest[]
}

export const schedule = {
  professional: { id: 'ana-duarte', name: 'Ana Duarte', specialty: 'general practice' },
  start: '2026-11-23',
  end: '2026-11-29',
  unit_id: null,
  timezone: 'Europe/Lisbon',
  slot_minutes: 20,
  slots: [
    { start: '2026-11-23T09:00:00+00:00', end: '2026-11-23T09:20:00+00:00', unit_id: 'baixa' },
    { start: '2026-11-23T10:20:00+00:00', end: '2026-11-23T10:40:00+00:00', unit_id: 'baixa' },
    { start: '2026-11-24T14:00:00+00:00', end: '2026-11-24T14:20:00+00:00', unit_id: 'alvalade' },
  ],
}

/** Answers as the APIs would behind an ingress: `v1` and `v2` say how. */
export async function ingressDouble(v1: RequestHandler, v2: RequestHandler): Promise<IngressDouble> {
  const asked: AskedRequest[] = []
  const app = express()
  app.use((request, _response, next) => {
    asked.push({ url: request.originalUrl, headers: request.headers })
    next()
  })
  app.get('/v1/appoints/available-schedule', v1)
  app.get('/v2/appoints/available-schedule', v2)
  return { ...(await listening(app)), asked }
}

export function answers(status: number, body: unknown): RequestHandler {
  return (_request, response) => void response.status(status).json(body)
}
