import { z } from 'zod'
import { SignalproofError } from '../core/signalproof-error.ts'
import type { KubeConnection } from './kube-connection.ts'
import { refusalOf } from './kube-errors.ts'

/** How the API calls a kind: `Deployment` of `apps/v1` is `deployments`, and lives in a namespace. */
export interface KubeResource {
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
}

const listSchema = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
})

/** Asks the server once for each group what it has; a kind that is not there is asked for again, it may be new. */
export class KubeResources {
  private readonly connection: KubeConnection
  private readonly known = new Map<string, Promise<readonly KubeResource[]>>()

  constructor(connection: KubeConnection) {
    this.connection = connection
  }

  /** @throws SignalproofError KUBE_INVALID for a kind that this server does not have */
  async find(apiVersion: string, kind: string): Promise<KubeResource> {
    const of = async () => (await this.group(apiVersion)).find((resource) => resource.kind === kind)
    const first = await of()
    if (first !== undefined) return first
    this.known.delete(apiVersion)
    const second = await of()
    if (second !== undefined) return second
    throw new SignalproofError('KUBE_INVALID', {
      expected: `the kind ${kind} in ${apiVersion} of ${this.connection.server}`,
      seen: 'none of this name',
      remedy: 'check apiVersion and kind of the manifest; `kubectl api-resources` lists what there is',
    })
  }

  /** The path of one object, or of all where `name` is left out. */
  async path(ref: { apiVersion: string; kind: string; namespace?: string; name?: string }): Promise<string> {
    const { plural, namespaced } = await this.find(ref.apiVersion, ref.kind)
    if (namespaced && ref.name !== undefined && ref.namespace === undefined) {
      throw new SignalproofError('KUBE_INVALID', {
        expected: `a namespace for ${ref.kind} ${ref.name}`,
        seen: 'none',
        where: 'metadata.namespace',
        remedy: 'name the namespace in the manifest',
      })
    }
    const within = namespaced && ref.namespace !== undefined ? `/namespaces/${ref.namespace}` : ''
    const name = ref.name === undefined ? '' : `/${encodeURIComponent(ref.name)}`
    return `${groupPath(ref.apiVersion)}${within}/${plural}${name}`
  }

  private group(apiVersion: string): Promise<readonly KubeResource[]> {
    const known = this.known.get(apiVersion)
    if (known !== undefined) return known
    const asking = this.ask(apiVersion)
    this.known.set(apiVersion, asking)
    asking.catch(() => this.known.delete(apiVersion))
    return asking
  }

  private async ask(apiVersion: string): Promise<readonly KubeResource[]> {
    const path = groupPath(apiVersion)
    const { status, data } = await this.connection.send('GET', path)
    // A group that is not there has no kinds.
    if (status === 404) return []
    if (status !== 200) throw refusalOf(`list what ${apiVersion} has`, this.connection.server, status, data)
    return listSchema
      .parse(data)
      .resources.filter(({ name }) => !name.includes('/'))
      .map(({ name, kind, namespaced }) => ({ kind, plural: name, namespaced }))
  }
}

const groupPath = (apiVersion: string): string =>
  apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
