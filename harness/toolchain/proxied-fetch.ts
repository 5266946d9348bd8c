import http from 'node:http'

/** What tells a request to take another way than the straight one, in the spelling that wins. */
const proxyNames = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const

/** Node's name for it; older releases of Node 24 do not have it. */
type SetGlobalProxy = (environment: NodeJS.ProcessEnv) => () => void
const { setGlobalProxyFromEnv } = http as { setGlobalProxyFromEnv?: SetGlobalProxy }

let running = 0
let endProxying: (() => void) | undefined

/**
 * `fetch` through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name, as pip and Go do without being asked. What
 * stands on this machine is never asked through it, and it is in force only while such a request waits for its answer.
 */
export async function proxiedFetch(url: string, init: RequestInit): Promise<Response> {
  const proxy = proxyFor(process.env)
  if (proxy === undefined || setGlobalProxyFromEnv === undefined) return await fetch(url, init)
  running += 1
  endProxying ??= setGlobalProxyFromEnv(proxy)
  try {
    return await fetch(url, init)
  } finally {
    running -= 1
    if (running === 0) {
      endProxying()
      endProxying = undefined
    }
  }
}

const loopback = 'localhost,127.0.0.1,[::1]'

function proxyFor(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv | undefined {
  if (!proxyNames.some((name) => isSet(environment[name]))) return undefined
  const direct = [environment.no_proxy ?? environment.NO_PROXY, loopback].filter(isSet).join(',')
  return { ...environment, no_proxy: direct, NO_PROXY: direct }
}

const isSet = (value: string | undefined) => value !== undefined && value !== ''

/** The proxy that a request to this address is meant to take, without what it is signed in with; for messages. */
export function describeProxy(url: string, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const scheme = url.startsWith('https:') ? 'https_proxy' : 'http_proxy'
  const value = [environment[scheme], environment[scheme.toUpperCase()]].find(isSet)
  if (value === undefined) return undefined
  const address = URL.parse(value)
  return address === null
    ? `${scheme.toUpperCase()}, which is no address`
    : `${address.protocol}//${address.host}`
}
