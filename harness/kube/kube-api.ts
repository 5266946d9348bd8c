import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { type KubeAnswer, KubeConnection, type RawOptions, readAnswer } from './kube-connection.ts'
import { refusalOf, unreachable } from './kube-errors.ts'
import { type KubeObject, type KubeQuery, type KubeRef, refOf, writeRef } from './kube-object.ts'
import { KubeResources } from './kube-resources.ts'

/** Objects that belong to what is removed: gone with it afterwards, gone before it, or left. */
export type Propagation = 'Background' | 'Foreground' | 'Orphan'

export interface LogOptions {
  /** RFC 3339; lines before it are left out. */
  readonly sinceTime?: string
  /** Each line begins with its time (RFC 3339 with nanoseconds) and a space. */
  readonly timestamps?: boolean
}

export interface ReadLogOptions extends LogOptions {
  readonly tailLines?: number
  /** Of the container's run before the present one. */
  readonly previous?: boolean
}

const pageSize = 500

const listSchema = z.object({
  metadata: z.object({ continue: z.string().optional() }).optional(),
  items: z.array(z.looseObject({ metadata: z.looseObject({ name: z.string() }) })).nullable(),
})

/** The Kubernetes API as the harness needs it; the only place that talks to a cluster. Objects are plain JSON. */
export class KubeApi {
  private readonly connection: KubeConnection
  private readonly resources: KubeResources

  /**
   * @param context one of the kubeconfig; without it, its current one
   * @throws SignalproofError CONFIG_UNREADABLE, USAGE_UNKNOWN_NAME
   */
  static fromKubeconfig(kubeconfig: string, context?: string): KubeApi {
    return new KubeApi(new KubeConnection(kubeconfig, context))
  }

  private constructor(connection: KubeConnection) {
    this.connection = connection
    this.resources = new KubeResources(connection)
  }

  /** Of the API server: `https://127.0.0.1:32768`. */
  get serverAddress(): string {
    return this.connection.server
  }

  /** One object. @throws SignalproofError KUBE_NOT_FOUND, KUBE_FORBIDDEN, KUBE_UNREACHABLE */
  async get<T extends KubeObject = KubeObject>(ref: KubeRef): Promise<T> {
    return (await this.ask(`read ${writeRef(ref)}`, 'GET', await this.resources.path(ref))) as T
  }

  /** One object, or undefined where it is not there. @throws SignalproofError KUBE_FORBIDDEN, KUBE_UNREACHABLE */
  async find<T extends KubeObject = KubeObject>(ref: KubeRef): Promise<T | undefined> {
    const { status, data } = await this.connection.send('GET', await this.resources.path(ref))
    if (status === 404) return undefined
    if (!isGood(status)) throw this.refused(`read ${writeRef(ref)}`, { status, data })
    return data as T
  }

  /** Every object of a kind, page by page. @throws SignalproofError KUBE_FORBIDDEN, KUBE_UNREACHABLE, KUBE_INVALID */
  async list<T extends KubeObject = KubeObject>(query: KubeQuery): Promise<T[]> {
    const { apiVersion, kind, labelSelector, fieldSelector } = query
    const path = await this.resources.path(query)
    const items: T[] = []
    let next: string | undefined
    do {
      const parameters = searchOf({ limit: String(pageSize), labelSelector, fieldSelector, continue: next })
      const answer = listSchema.parse(await this.ask(`list ${kind}`, 'GET', `${path}${parameters}`))
      // The items of a list do not say what they are.
      for (const item of answer.items ?? []) items.push({ apiVersion, kind, ...item } as unknown as T)
      next = answer.metadata?.continue || undefined
    } while (next !== undefined)
    return items
  }

  /**
   * Makes the object so, by server-side apply; fields of other managers are taken over where they differ.
   * @throws SignalproofError KUBE_INVALID with the path of the field, KUBE_FORBIDDEN, KUBE_NOT_FOUND for a namespace
   *   that is not there, KUBE_UNREACHABLE
   */
  async apply<T extends KubeObject = KubeObject>(
    object: KubeObject,
    {
      dryRun = false,
      fieldManager,
      signal,
    }: { dryRun?: boolean; fieldManager: string; signal?: AbortSignal },
  ): Promise<T> {
    const ref = refOf(object)
    const parameters = searchOf({
      fieldManager,
      force: 'true',
      fieldValidation: 'Strict',
      dryRun: dryRun ? 'All' : undefined,
    })
    return (await this.ask(
      `apply ${writeRef(ref)}`,
      'PATCH',
      `${await this.resources.path(ref)}${parameters}`,
      {
        body: JSON.stringify(object),
        headers: { 'content-type': 'application/apply-patch+yaml' },
        ...(signal === undefined ? {} : { signal }),
      },
    )) as T
  }

  /** Removes an object; one that is not there is no failure. @returns whether it was there */
  async remove(
    ref: KubeRef,
    { graceSeconds, propagation = 'Background' }: { graceSeconds?: number; propagation?: Propagation } = {},
  ): Promise<boolean> {
    const answer = await this.connection.send('DELETE', await this.resources.path(ref), {
      body: JSON.stringify({
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        propagationPolicy: propagation,
        ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
      }),
      headers: { 'content-type': 'application/json' },
    })
    if (answer.status === 404) return false
    if (!isGood(answer.status)) throw this.refused(`remove ${writeRef(ref)}`, answer)
    return true
  }

  /** Changes some fields (JSON merge patch). @throws SignalproofError KUBE_NOT_FOUND, KUBE_INVALID, KUBE_FORBIDDEN, KUBE_UNREACHABLE */
  async patch<T extends KubeObject = KubeObject>(ref: KubeRef, mergePatch: unknown): Promise<T> {
    return (await this.ask(`patch ${writeRef(ref)}`, 'PATCH', await this.resources.path(ref), {
      body: JSON.stringify(mergePatch),
      headers: { 'content-type': 'application/merge-patch+json' },
    })) as T
  }

  /** Any path of the API, such as `/readyz` or a service's proxy; whatever the status is. @throws SignalproofError KUBE_UNREACHABLE */
  raw(method: string, path: string, options: RawOptions = {}): Promise<KubeAnswer> {
    return this.connection.send(method, path, options)
  }

  /** What a container wrote. @throws SignalproofError KUBE_NOT_FOUND, KUBE_INVALID while it has not started, KUBE_UNREACHABLE */
  async readLog(
    namespace: string,
    pod: string,
    container: string,
    options: ReadLogOptions = {},
  ): Promise<string> {
    const path = logPath(namespace, pod, container, options)
    // The API server refuses to be asked for text here, and answers with nothing else.
    const data = await this.ask(`read the log of ${namespace}/${pod}`, 'GET', path)
    return typeof data === 'string' ? data : ''
  }

  /**
   * Follows what a container writes, line by line, until it ends (then it resolves) or the signal is aborted (then, too).
   * @throws SignalproofError KUBE_NOT_FOUND, KUBE_INVALID while the container has not started, KUBE_UNREACHABLE
   */
  async followLog(
    namespace: string,
    pod: string,
    container: string,
    options: LogOptions,
    onLine: (line: string) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const what = `follow the log of ${namespace}/${pod}`
    try {
      const path = logPath(namespace, pod, container, { ...options, follow: true })
      const { status, stream } = await this.connection.open(path, signal)
      if (!isGood(status)) throw this.refused(what, { status, data: readAnswer(await text(stream), 'json') })
      for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }))
        onLine(line)
    } catch (thrown) {
      if (signal.aborted) return
      if (thrown instanceof Error && 'account' in thrown) throw thrown
      throw unreachable(what, this.serverAddress, thrown instanceof Error ? thrown.message : String(thrown))
    }
  }

  /** What tells one cluster from another, for as long as it lives: the uid of its namespace kube-system. */
  async clusterUid(): Promise<string> {
    const { metadata } = await this.get({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' })
    return metadata.uid ?? ''
  }

  private async ask(what: string, method: string, path: string, options: RawOptions = {}): Promise<unknown> {
    const answer = await this.connection.send(method, path, options)
    if (!isGood(answer.status)) throw this.refused(what, answer)
    return answer.data
  }

  private refused(what: string, { status, data }: KubeAnswer): Error {
    return refusalOf(what, this.serverAddress, status, data)
  }
}

const isGood = (status: number): boolean => status >= 200 && status < 300

function logPath(
  namespace: string,
  pod: string,
  container: string,
  { sinceTime, timestamps, tailLines, previous, follow }: ReadLogOptions & { follow?: boolean },
): string {
  const parameters = searchOf({
    container,
    sinceTime,
    timestamps: timestamps === true ? 'true' : undefined,
    tailLines: tailLines === undefined ? undefined : String(tailLines),
    previous: previous === true ? 'true' : undefined,
    follow: follow === true ? 'true' : undefined,
  })
  return `/api/v1/namespaces/${namespace}/pods/${pod}/log${parameters}`
}

function searchOf(parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as [string, string]],
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}
