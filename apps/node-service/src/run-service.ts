import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'
import type { ServiceApp } from './service-app.ts'
import { type ListenAddress, SettingsError } from './service-settings.ts'

const drainLimitMs = 5_000

/** Longer than the idle limit of any client here (Alertmanager: 5 minutes), so that only clients close idle connections and no request meets one that is being closed. */
const keepAliveTimeoutMs = 6 * 60_000

export interface Listener {
  readonly what: string
  readonly app: Express
  readonly listen: ListenAddress
}

/**
 * Serves until SIGTERM or SIGINT; then /readyz turns 503, requests in flight have 5 s to finish, and the process ends
 * with 0. Each listener says on standard error where it stands.
 */
export async function runService(service: ServiceApp, listeners: readonly Listener[]): Promise<void> {
  const servers = await Promise.all(listeners.map(startServer))
  await Promise.race([once('SIGTERM'), once('SIGINT')])

  await Promise.race([service.drain(), new Promise((resolve) => setTimeout(resolve, drainLimitMs))])
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
  process.exit(0)
}

/** Runs `main`; a setting that cannot be used ends the process with 2, anything else with 1, in words on standard error. */
export async function startOrExplain(name: string, main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(error instanceof SettingsError ? 2 : 1)
  }
}

async function startServer({ what, app, listen }: Listener): Promise<Server> {
  const server = createServer({ keepAliveTimeout: keepAliveTimeoutMs }, app)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(listen.port, listen.host, resolve)
  })
  const { address, family, port } = server.address() as AddressInfo
  process.stderr.write(`${what} listens on http://${family === 'IPv6' ? `[${address}]` : address}:${port}\n`)
  return server
}

function once(signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => process.once(signal, () => resolve()))
}
