import { z } from 'zod'
import { SignalproofError } from '../core/signalproof-error.ts'

/** What the API server says when it does not do what it was asked for. */
const statusSchema = z.object({
  kind: z.literal('Status'),
  message: z.string().optional(),
  reason: z.string().optional(),
  details: z
    .object({
      causes: z.array(z.object({ field: z.string().optional(), message: z.string().optional() })).optional(),
    })
    .optional(),
})

/** Server-side apply names an unknown field in its message only. */
const undeclaredField = /(\.[\w.[\]"=-]+): field not declared in schema/

/**
 * An answer that is not 2xx, sorted by who has to act.
 * @param what was asked for, as words: `apply Deployment apps/frontend`
 */
export function refusalOf(what: string, server: string, status: number, body: unknown): SignalproofError {
  const parsed = statusSchema.safeParse(body)
  const said = parsed.success ? parsed.data : undefined
  const message = said?.message ?? excerpt(body)
  const seen = `${status}${said?.reason === undefined ? '' : ` ${said.reason}`}: ${message}`
  const expected = `${server} to ${what}`
  if (status === 401 || status === 403) {
    // Quotas and admission refuse by 403 as well: then the credentials are good, and the object is not.
    const isAdmission = /exceeded quota|violates PodSecurity|admission|denied the request/.test(message)
    return new SignalproofError(isAdmission ? 'KUBE_INVALID' : 'KUBE_FORBIDDEN', {
      expected,
      seen,
      remedy: isAdmission
        ? 'change what the message names in the manifest'
        : 'give this user the permission that the message names, or take another context',
    })
  }
  if (status === 404) {
    return new SignalproofError('KUBE_NOT_FOUND', {
      expected,
      seen,
      remedy: 'check the name and the namespace; `kubectl get` shows what is there',
    })
  }
  const cause = said?.details?.causes?.find(({ field }) => field !== undefined && field !== '')
  const field = cause?.field ?? undeclaredField.exec(message)?.[1]?.replace(/^\./, '')
  if (status === 400 || status === 422 || field !== undefined) {
    return new SignalproofError('KUBE_INVALID', {
      expected,
      seen,
      remedy: 'correct the field in the manifest',
      ...(field === undefined ? {} : { where: field }),
    })
  }
  if (status === 429 || status === 502 || status === 503 || status === 504)
    return unreachable(what, server, seen)
  return new SignalproofError('KUBE_REFUSED', {
    expected,
    seen,
    remedy: 'read what the API server says; `kubectl get events -A` shows what led to it',
  })
}

export function unreachable(what: string, server: string, seen: string): SignalproofError {
  return new SignalproofError('KUBE_UNREACHABLE', {
    expected: `${server} to ${what}`,
    seen,
    remedy: 'check that the cluster runs and that its address in the kubeconfig is right',
    cause: new Error(seen),
  })
}

function excerpt(body: unknown): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return (text ?? '').replaceAll(/\s+/g, ' ').slice(0, 300) || 'an empty answer'
}
