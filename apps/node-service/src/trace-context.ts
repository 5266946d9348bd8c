import { randomBytes } from 'node:crypto'

/** One span of a W3C trace: ids in lower-case hex, flags as two hex digits. */
export interface TraceContext {
  readonly traceId: string
  readonly spanId: string
  readonly flags: string
}

const traceparentForm =
  /^(?<version>[0-9a-f]{2})-(?<traceId>[0-9a-f]{32})-(?<parentId>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<more>-.*)?$/

/** A new span in the caller's trace, or in a new, sampled trace when the caller sent no valid `traceparent`. */
export function continueTrace(traceparent: string | undefined): TraceContext {
  const spanId = randomBytes(8).toString('hex')
  const caller = readTraceparent(traceparent)
  if (caller === undefined) return { traceId: randomBytes(16).toString('hex'), spanId, flags: '01' }
  return { ...caller, spanId }
}

/** The caller's span, as the header of its request names it; undefined when it names none. */
export function readTraceparent(traceparent: string | undefined): TraceContext | undefined {
  const caller = traceparentForm.exec(traceparent ?? '')?.groups
  if (caller === undefined || !isUsable(caller)) return undefined
  const { traceId = '', parentId = '', flags = '' } = caller
  return { traceId, spanId: parentId, flags }
}

function isUsable({ version, traceId, parentId, more }: Record<string, string | undefined>): boolean {
  if (version === 'ff' || (version === '00' && more !== undefined)) return false
  return !/^0+$/.test(traceId ?? '') && !/^0+$/.test(parentId ?? '')
}

export function writeTraceparent({ traceId, spanId, flags }: TraceContext): string {
  return `00-${traceId}-${spanId}-${flags}`
}
