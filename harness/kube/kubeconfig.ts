import type { AgentOptions } from 'node:https'
import { parse } from 'yaml'
import { z } from 'zod'
import { describeThrown, SignalproofError } from '../core/signalproof-error.ts'

/** What a kubeconfig says of one context, as far as a request needs it. */
export interface KubeContext {
  /** Its address, without a slash at the end. */
  readonly server: string
  /**
   * How a request shows who it is from, where the file itself holds all of that; undefined where a file, a program or a
   * proxy is named, which the client library knows how to use.
   */
  readonly credentials: KubeCredentials | undefined
}

export interface KubeCredentials extends Pick<AgentOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized'> {
  readonly token?: string
}

const named = <Name extends string, T>(name: Name, content: z.ZodType<T>) =>
  z.array(
    z.object({ name: z.string(), [name]: content } as { name: z.ZodString } & Record<Name, z.ZodType<T>>),
  )

const schema = z.object({
  'current-context': z.string().optional(),
  clusters: named('cluster', z.looseObject({ server: z.string() })).default([]),
  contexts: named('context', z.looseObject({ cluster: z.string(), user: z.string().optional() })).default([]),
  users: named('user', z.looseObject({}).nullish()).default([]),
})
type Kubeconfig = z.infer<typeof schema>

/** Fields that say all by themselves. */
const plainOfCluster = ['server', 'certificate-authority-data', 'insecure-skip-tls-verify']
const plainOfUser = ['client-certificate-data', 'client-key-data', 'token']

/**
 * Reads one context of a kubeconfig, the current one where none is named.
 * @throws SignalproofError CONFIG_UNREADABLE, USAGE_UNKNOWN_NAME for a context that is not there
 */
export function readKubeContext(text: string, wanted?: string): KubeContext {
  const kubeconfig = read(text)
  const name = wanted ?? kubeconfig['current-context'] ?? ''
  const context = kubeconfig.contexts.find((one) => one.name === name)?.context
  const cluster = kubeconfig.clusters.find((one) => one.name === context?.cluster)?.cluster
  if (cluster === undefined) throw unknownContext(kubeconfig, name)
  const user = kubeconfig.users.find((one) => one.name === context?.user)?.user ?? {}
  const isPlain = saysOnly(cluster, plainOfCluster) && saysOnly(user, plainOfUser)
  return {
    server: cluster.server.replace(/\/$/, ''),
    credentials: isPlain ? credentialsOf({ ...cluster, ...user }) : undefined,
  }
}

const saysOnly = (object: object, fields: readonly string[]): boolean =>
  Object.keys(object).every((key) => fields.includes(key))

function credentialsOf(fields: Readonly<Record<string, unknown>>): KubeCredentials {
  const decoded = (name: string) =>
    typeof fields[name] === 'string' ? Buffer.from(fields[name], 'base64') : undefined
  const [ca, cert, key] = [
    decoded('certificate-authority-data'),
    decoded('client-certificate-data'),
    decoded('client-key-data'),
  ]
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(fields['insecure-skip-tls-verify'] === true ? { rejectUnauthorized: false } : {}),
    ...(typeof fields.token === 'string' ? { token: fields.token } : {}),
  }
}

function read(text: string): Kubeconfig {
  try {
    return schema.parse(parse(text, { logLevel: 'error' }))
  } catch (cause) {
    throw new SignalproofError('CONFIG_UNREADABLE', {
      expected: 'a kubeconfig',
      seen: whatIsWrong(cause),
      remedy: 'check the file with `kubectl config view --kubeconfig FILE`',
      cause,
    })
  }
}

function whatIsWrong(cause: unknown): string {
  const [issue] = cause instanceof z.ZodError ? cause.issues : []
  return issue === undefined
    ? describeThrown(cause)
    : `${issue.message} at ${issue.path.join('.') || 'its root'}`
}

const unknownContext = ({ contexts }: Kubeconfig, name: string): SignalproofError =>
  new SignalproofError('USAGE_UNKNOWN_NAME', {
    expected: `a context of the kubeconfig: ${contexts.map((one) => one.name).join(', ') || 'it has none'}`,
    seen: name || 'none',
    remedy: 'name one of these by --context, or set current-context in the kubeconfig',
  })
