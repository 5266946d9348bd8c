/** What a short reference stands for: `traefik:v3` is `docker.io/library/traefik` with the tag `v3`. */
export interface WholeReference {
  /** With its registry, as container runtimes keep it. */
  readonly name: string
  readonly registry: string
  /** The name without its registry. */
  readonly repository: string
  readonly tag: string
}

export function wholeReference(reference: string): WholeReference {
  const colon = reference.lastIndexOf(':')
  const hasTag = colon > reference.lastIndexOf('/')
  const tag = hasTag ? reference.slice(colon + 1) : 'latest'
  const path = hasTag ? reference.slice(0, colon) : reference
  const [first = '', ...rest] = path.split('/')
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')
  const registry = hasRegistry ? first : 'docker.io'
  const repository = hasRegistry ? rest.join('/') : rest.length === 0 ? `library/${first}` : path
  return { name: `${registry}/${repository}`, registry, repository, tag }
}
