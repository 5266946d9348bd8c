import { createServer, type IncomingMessage } from 'node:http'
import { z } from 'zod'
import { close, listen } from './stand-in-exporter.ts'

/** What Alertmanager delivered: one alert of a notification, with the receiver that got it. */
export interface Delivery {
  readonly receiver: string
  readonly status: 'firing' | 'resolved'
  readonly labels: Readonly<Record<string, string>>
}

export interface NotificationSink extends AsyncDisposable {
  readonly port: number
  readonly deliveries: readonly Delivery[]
}

const notification = z.object({
  receiver: z.string(),
  alerts: z.array(
    z.object({ status: z.enum(['firing', 'resolved']), labels: z.record(z.string(), z.string()) }),
  ),
})

/** Takes every notification on 127.0.0.1, whatever its path. */
export async function startNotificationSink(): Promise<NotificationSink> {
  const deliveries: Delivery[] = []
  const server = createServer((request, response) => {
    readBody(request).then(
      (body) => {
        const parsed = notification.safeParse(body)
        // Refused, so that Alertmanager counts it as not delivered and its log says why.
        if (!parsed.success) return response.writeHead(400).end()
        const { receiver, alerts } = parsed.data
        for (const { status, labels } of alerts) deliveries.push({ receiver, status, labels })
        return response.writeHead(200).end()
      },
      () => response.writeHead(400).end(),
    )
  })
  const port = await listen(server)
  return { port, deliveries, [Symbol.asyncDispose]: () => close(server) }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}
