import { proxiedFetch } from '../toolchain/proxied-fetch.ts'

/** A registry that has not answered in this time is taken for one that cannot be reached. */
const answerWithinMs = 3_000

/** Docker Hub's registry has another name than the one in front of its images. */
const hosts: Readonly<Record<string, string>> = { 'docker.io': 'registry-1.docker.io' }

const asked = new Map<string, Promise<boolean>>()

/** Whether a registry answers as one, which a login page or a proxy that refuses does not; asked once a process. */
export function isRegistryReached(registry: string, signal?: AbortSignal): Promise<boolean> {
  const known = asked.get(registry)
  if (known !== undefined) return known
  const asking = askRegistry(registry, signal)
  asked.set(registry, asking)
  return asking
}

export async function askRegistry(registry: string, signal?: AbortSignal): Promise<boolean> {
  const [host = registry] = registry.split('/')
  const scheme = /^(localhost|127\.|\[::1\])/.test(host) ? 'http' : 'https'
  const limit = AbortSignal.timeout(answerWithinMs)
  try {
    const answer = await proxiedFetch(`${scheme}://${hosts[host] ?? host}/v2/`, {
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    })
    await answer.body?.cancel()
    return answer.status === 200 || answer.status === 401
  } catch {
    signal?.throwIfAborted()
    return false
  }
}
