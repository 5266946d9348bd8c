import { containerStatusesOf, isLive, type Pod } from './cluster-objects.ts'

/** Whether every container runs an image that cannot become another one, and the one that was prepared. */

export interface PreparedImage {
  readonly reference: string
  readonly digest: string
}

/** What is wrong with the images, in words. Where nothing is known to be prepared, only the pins are looked at. */
export function unpinnedImages(pods: readonly Pod[], prepared: readonly PreparedImage[] = []): string[] {
  const digests = new Map(prepared.map(({ reference, digest }) => [fullName(reference), digest]))
  return pods.filter(isLive).flatMap((pod) => {
    const where = `${pod.metadata.namespace}/${pod.metadata.name}`
    const specs = [...(pod.spec.initContainers ?? []), ...pod.spec.containers]
    return specs.flatMap(({ name, image }) => {
      const pin = whyUnpinned(image)
      if (pin !== undefined) return [`${where} ${name} runs ${image}: ${pin}`]
      if (digests.size === 0) return []
      const wanted = digests.get(fullName(image))
      if (wanted === undefined)
        return [`${where} ${name} runs ${image}, which is none of the prepared images`]
      const running = containerStatusesOf(pod).find((status) => status.name === name)?.imageID ?? ''
      return running.endsWith(wanted)
        ? []
        : [`${where} ${name} runs ${image} as ${running || 'nothing'}; prepared was ${wanted}`]
    })
  })
}

/** Why a reference may mean another image tomorrow; undefined where it may not. */
export function whyUnpinned(reference: string): string | undefined {
  if (/@sha256:[0-9a-f]{64}$/.test(reference)) return undefined
  const tag = /:([^:/]+)$/.exec(reference)?.[1]
  if (tag === undefined) return 'it has no tag, which means latest'
  return tag === 'latest' ? 'the tag latest moves' : undefined
}

/** `traefik:v3` is short for `docker.io/library/traefik:v3`. */
export function fullName(reference: string): string {
  const [first = '', ...rest] = reference.split('/')
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')
  if (hasRegistry) return reference
  return `docker.io/${rest.length === 0 ? 'library/' : ''}${reference}`
}
